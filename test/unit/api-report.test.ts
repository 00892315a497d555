import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { API_REPORT, apiReport } from '../../dev/api-report';

it('docs/api-report.md says what each entry exports; after a change on purpose, npm run api writes it', () => {
  expect(apiReport()).toBe(readFileSync(API_REPORT, 'utf8'));
});
