import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SWITCHES } from '../../src/emulator';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/emulator.md'), 'utf8');
/** The blocks under a line that names a file of the examples. */
const blocks = [...page.matchAll(/`(examples\/[^`\n]+\.\w+)`[^\n]*\n\n```\w+\n(.*?)```/gs)];

it.each(Object.entries(SWITCHES))('docs/emulator.md tells of the switch %s what the code says', (name, choice) => {
  const relaxed = 'relaxed' in choice ? ` (relaxed: \`${choice.relaxed}\`)` : '';
  const values = choice.values.map((value, i) => (i === 0 ? `**\`${value}\`**` : `\`${value}\``)).join(', ');
  expect(page).toContain(`| \`${name}\` | ${choice.about} | ${values}${relaxed} | ${choice.reason} |`);
});

it.each(blocks.map(([, file = '', code = '']) => [file, code]))(
  'the code in docs/emulator.md that is said to be %s is that file',
  (file, code) => expect(code).toBe(readFileSync(join(ROOT, file), 'utf8')),
);

it('docs/emulator.md shows each recipe, and no code beside the files but shell and JSON', () => {
  const shown = blocks.map(([, file = '']) => /^examples\/recipes\/([^/]+)\//.exec(file)?.[1]);
  expect(new Set(shown.filter(Boolean))).toEqual(new Set(readdirSync(join(ROOT, 'examples/recipes'))));
  const code = [...page.matchAll(/^```(\w+)$/gm)].filter(([, language]) => !['sh', 'json'].includes(language ?? ''));
  expect(blocks).toHaveLength(code.length);
});
