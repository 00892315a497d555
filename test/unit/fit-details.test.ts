import { expect, it } from 'vitest';
import { accept, newTaskRecord } from '../../src/task-state';
import { fitDetails } from '../../src/workflows/fit-details';

const records = (count: number, statusDetail: string) =>
  Array.from({ length: count }, (_, i) => {
    const report = {
      progressUpdateStream: 'S',
      migrationTaskName: `vm-${i}`,
      status: 'IN_PROGRESS' as const,
      statusDetail,
    };
    const record = newTaskRecord(report);
    accept(record, report, 1000);
    return record;
  });
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

it('a state that fits a payload is carried as it is', () => {
  const small = records(10, 'Replicating');
  expect(fitDetails(small)).toBe(small);
});

it.each([
  ['largest details of emoji', '🚚'.repeat(2500)],
  ['quotes, which JSON doubles', '"'.repeat(2500)],
])('1,000 tasks with %s fit a payload: all tasks stay, their details are shortened', (_what, detail) => {
  const large = records(1000, detail);
  const fitted = fitDetails(large);
  expect(bytes(large)).toBeGreaterThan(1_500_000);
  expect(bytes(fitted)).toBeLessThanOrEqual(1_500_000);
  expect(fitted.map(({ migrationTaskName }) => migrationTaskName)).toEqual(
    large.map(({ migrationTaskName }) => migrationTaskName),
  );
  for (const { pending } of fitted) expect(pending?.statusDetail).toMatch(/^.{100,}…$/u);
  expect(large[0]?.pending?.statusDetail).toBe(detail);
});
