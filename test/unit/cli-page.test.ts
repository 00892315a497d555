import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CLI_PAGE, cliPage } from '../../dev/cli-page';
import { program } from '../../src/cli/program';

it('docs/cli.md has the help of each command; after a change on purpose, npm run generate writes it', () => {
  const page = readFileSync(CLI_PAGE, 'utf8');
  expect(cliPage()).toBe(page);
  for (const command of program().commands) expect(page).toContain(command.name());
});
