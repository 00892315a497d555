import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(__dirname, '../..');
const rows = readFileSync(join(root, 'docs/reports.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| R\d\d \|/.test(line));

it('docs/reports.md has a row for each of the first 64 reports, and no number twice', () => {
  const first = Array.from({ length: 64 }, (_, i) => `R${String(i + 1).padStart(2, '0')}`);
  const numbers = rows.map((row) => row.slice(2, 5));
  expect(numbers.slice(0, 64)).toEqual(first);
  expect(numbers).toEqual([...new Set(numbers)].sort());
});

it.each(
  rows.flatMap((row) => [...row.matchAll(/`(test\/[^`]+)`(?:: ("[^"]+"(?:, "[^"]+")*))?/g)].map((m) => [m[1], m[2]])),
)('a test that docs/reports.md names is there: %s %s', (file, titles = '') => {
  const code = readFileSync(join(root, file as string), 'utf8').replaceAll("\\'", "'");
  for (const [, title] of titles.matchAll(/"([^"]+)"/g)) expect(code).toContain(title);
});
