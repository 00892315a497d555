import { describe, expect, it } from 'vitest';
import { waveLines } from '../../examples/demo-progress';
import { countCalls, isGood, isLost, isMismatch, summarize, table, type Outcome } from '../../examples/demo-verdict';

const delivered = { status: 'COMPLETED', progressPercent: 100, updateDateTime: 1_800_000_000, nextUpdateSeconds: 60 };
const attributes = [
  { type: 'FQDN', value: 's1.example.com' },
  { type: 'IPV4_ADDRESS', value: '10.0.0.1' },
];

function outcome(
  change: { query?: object | null; hub?: object; server?: object; workflow?: Outcome['workflow'] } = {},
): Outcome {
  const query = {
    labels: { wave: 'Wave 1' },
    lastDelivered: { ...delivered, ...change.query },
    counters: { heartbeats: 2 },
  };
  return {
    server: { name: 's1', wave: 'Wave 1', application: 'A', resourceAttributes: attributes, ...change.server },
    workflow: 'workflow' in change ? change.workflow : 'COMPLETED',
    query: (change.query === null ? null : query) as Outcome['query'],
    hub: { ...delivered, statusDetail: null, staleSeconds: 0, attributes, ...change.hub } as Outcome['hub'],
  };
}

const call = (error: string | null, fault: 'reset' | null, operation = 'NotifyMigrationTaskState') =>
  ({ operation, error, fault }) as never;

describe('the verdict of the demo', () => {
  it('is good when query and Migration Hub agree, nothing is stale and heartbeats were sent', () => {
    const summary = summarize([outcome()], [call(null, null)]);
    expect(summary).toMatchObject({ tasks: 1, completed: 1, heartbeats: 2, lost: 0, mismatches: 0, mapped: 1 });
    expect(isGood(summary)).toBe(true);
  });

  it.each([
    [{ status: 'FAILED' }],
    [{ progressPercent: 99 }],
    [{ statusDetail: 'x' }],
    [{ updateDateTime: 1_800_000_001 }],
    [{ nextUpdateSeconds: 61 }],
    [null],
  ])('counts a mismatch when the query says %j', (query) => {
    expect(isMismatch(outcome({ query }))).toBe(true);
    expect(isGood(summarize([outcome({ query })], []))).toBe(false);
  });

  it('counts a task as lost when its terminal state never arrived or its migration never ended', () => {
    expect(isLost(outcome({ hub: { status: 'IN_PROGRESS' } }))).toBe(true);
    expect(isLost(outcome({ workflow: undefined }))).toBe(true);
    expect(isLost(outcome())).toBe(false);
  });

  it('is bad with a stale second or without heartbeats', () => {
    const summary = summarize([outcome({ hub: { staleSeconds: 0.25 } })], []);
    expect(summary.staleSeconds).toBe(0.25);
    expect(isGood(summary)).toBe(false);
    expect(isGood({ ...summary, staleSeconds: 0, heartbeats: 0 })).toBe(false);
  });

  it('is bad when Migration Hub lacks an attribute of the files, or has another value', () => {
    for (const has of [[], attributes.slice(1), [{ type: 'FQDN', value: 's2.example.com' }, ...attributes.slice(1)]]) {
      const summary = summarize([outcome(), outcome({ hub: { attributes: has } })], []);
      expect(summary).toMatchObject({ mapped: 1, unmapped: 1 });
      expect(isGood(summary)).toBe(false);
    }
  });

  it('counts a server of which the files say nothing as neither', () => {
    const nothing = outcome({ server: { resourceAttributes: [] }, hub: { attributes: [] } });
    expect(summarize([nothing], [])).toMatchObject({ mapped: 0, unmapped: 0 });
  });

  it('counts notifications taken and calls that failed, of NotifyMigrationTaskState only', () => {
    const journal = [call(null, null), call('ThrottlingException', null), call(null, 'reset'), call(null, null, 'X')];
    expect(countCalls(journal)).toEqual({ notifications: 1, retries: 2 });
  });

  it('shows both sides in the table', () => {
    const line = table([outcome({ hub: { status: 'IN_PROGRESS', progressPercent: 80 } })]).split('\n')[1];
    expect(line).toMatch(/^Wave 1 +A +s1 +COMPLETED +100 % +08:00:00 +IN_PROGRESS +80 % +08:00:00 +2 +NO$/);
  });
});

it('progress shows each wave with its mean percent and how many are in which state', () => {
  const task = (wave: string, status: string | null, progressPercent: number | null) => ({
    wave,
    status,
    progressPercent,
  });
  const lines = waveLines([task('W1', 'COMPLETED', null), task('W1', 'IN_PROGRESS', 50), task('Wave 2', null, null)]);
  expect(lines[0]).toMatch(/^W1 {5}\[#{18}\.{6}\] {2}75 % {2}1 in progress, 1 completed, 0 failed$/);
  expect(lines[1]).toMatch(/ 0 % {2}0 in progress, 0 completed, 0 failed$/);
});
