import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SWITCHES } from '../../src/emulator';

const page = readFileSync(join(__dirname, '../../docs/emulator.md'), 'utf8');

it.each(Object.entries(SWITCHES))('docs/emulator.md tells of the switch %s what the code says', (name, choice) => {
  const relaxed = 'relaxed' in choice ? ` (relaxed: \`${choice.relaxed}\`)` : '';
  const values = choice.values.map((value, i) => (i === 0 ? `**\`${value}\`**` : `\`${value}\``)).join(', ');
  expect(page).toContain(`| \`${name}\` | ${choice.about} | ${values}${relaxed} | ${choice.reason} |`);
});
