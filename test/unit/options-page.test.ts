import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OPTIONS_PAGE, optionsPage } from '../../dev/options-page';
import { WORKER_OPTIONS } from '../../src/worker/options';

it('docs/options.md has each option; after a change on purpose, npm run generate writes it', () => {
  const page = readFileSync(OPTIONS_PAGE, 'utf8');
  expect(optionsPage()).toBe(page);
  const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(named).toEqual(expect.arrayContaining([...Object.keys(WORKER_OPTIONS), 'drainSeconds', 'onReportError']));
});
