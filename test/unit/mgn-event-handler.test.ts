import { describe, expect, it } from 'vitest';
import { createMgnEventHandler, type MgnEventOptions } from '../../src/client';
import type { TaskReport } from '../../src/report';
import { validateReport } from '../../src/report/validate';
import { call, calls, launch, lifecycle, SERVER } from '../fixtures/mgn-events';

const OTHER = 's-bbbbbbbbbbbbbbbbb';

/** A handler, what it has reported, and what it logged. */
function handling(options: Partial<MgnEventOptions> = {}, fails: (report: TaskReport) => boolean = () => false) {
  const reports: TaskReport[] = [];
  const lines: string[] = [];
  const hub = {
    async report(report: TaskReport) {
      if (fails(report)) throw new Error('Temporal does not answer');
      const { progressUpdateStream, migrationTaskName } = validateReport(report);
      reports.push(report);
      return { progressUpdateStream, migrationTaskName, ownerId: 'x', sequence: 1 };
    },
  };
  const handler = createMgnEventHandler({
    ...{ hub, progressUpdateStream: 'Exit', log: (line: string) => void lines.push(line) },
    ...options,
  });
  return { handler, reports, lines };
}
const sqs = (...bodies: unknown[]) => ({
  Records: bodies.map((body, i) => ({
    messageId: `message-${i}`,
    eventSource: 'aws:sqs',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })),
});

describe('an event', () => {
  it('is reported under the id of its source server', async () => {
    const { handler, reports } = handling();
    expect(await handler(lifecycle('READY_FOR_TEST'))).toMatchObject([{ outcome: 'reported', sourceServerId: SERVER }]);
    expect(reports).toMatchObject([
      { progressUpdateStream: 'Exit', migrationTaskName: SERVER, status: 'IN_PROGRESS', progressPercent: 30 },
    ]);
    expect(Object.keys(reports[0] ?? {})).not.toContain('sourceServerId');
  });

  it('is reported under the name that is looked up, with what is set for all', async () => {
    const seen: unknown[] = [];
    const { handler, reports } = handling({
      ...{ nextUpdateSeconds: 86_400, silenceLimitSeconds: 0, labels: { wave: '7' } },
      nameOf: async (id, event) => {
        seen.push(id, event.region);
        return 'web-01';
      },
    });
    await handler(calls.CUTOVER());
    expect(seen).toEqual([SERVER, 'us-west-2']);
    expect(reports).toMatchObject([
      { migrationTaskName: 'web-01', nextUpdateSeconds: 86_400, silenceLimitSeconds: 0, labels: { wave: '7' } },
    ]);
  });

  it.each([undefined, null])(
    'of a server whose name is %s is ignored, the others of its call are not',
    async (none) => {
      const { handler, reports, lines } = handling({ nameOf: (id) => (id === OTHER ? none : 'web-01') });
      const event = call('StartTest', { sourceServerIDs: [OTHER, SERVER] });
      expect(await handler(event)).toMatchObject([
        { outcome: 'ignored', sourceServerId: OTHER, reason: `there is no task name for ${OTHER}` },
        { outcome: 'reported', sourceServerId: SERVER },
      ]);
      expect(reports).toHaveLength(1);
      expect(lines).toEqual([`EventBridge event ${event.id} is ignored: there is no task name for ${OTHER}`]);
    },
  );

  it('that is none is ignored, and the reason logged', async () => {
    const { handler, reports, lines } = handling({ accounts: ['444455556666'] });
    expect(await handler(lifecycle('TESTING'))).toMatchObject([
      { outcome: 'ignored', reason: expect.stringMatching(/^account is/) as string },
    ]);
    expect(await handler({ detail: {} })).toMatchObject([
      { outcome: 'ignored', reason: expect.stringMatching(/^source is undefined/) as string },
    ]);
    expect(reports).toEqual([]);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^EventBridge event without an id is ignored: source is undefined/);
  });

  it.each([
    ['Temporal does not answer', {}, (): boolean => true, 'Temporal does not answer'],
    ['the look-up fails', { nameOf: () => Promise.reject(new Error('throttled')) }, (): boolean => false, 'throttled'],
    ['the name cannot be one', { nameOf: () => 'a:b' }, (): boolean => false, 'migrationTaskName is "a:b"'],
    ['the name is none', { nameOf: () => 7 as never }, (): boolean => false, 'migrationTaskName is 7'],
  ])('fails where %s, so that it is delivered again', async (_what, options, fails, message) => {
    const { handler, reports } = handling(options, fails);
    await expect(handler(lifecycle('TESTING'))).rejects.toThrow(message);
    expect(reports).toEqual([]);
  });
});

it('a call for many servers reports all but those that fail, names these in the log, and fails', async () => {
  const ids = Array.from({ length: 60 }, (_, i) => `s-${String(i).padStart(17, 'a')}`);
  const { handler, reports, lines } = handling({ nameOf: (id) => (id === ids[0] ? 'web:01' : id) });
  const event = call('StartTest', { sourceServerIDs: ids });
  await expect(handler(event)).rejects.toThrow(/migrationTaskName is "web:01"/);
  expect(reports.map(({ migrationTaskName }) => migrationTaskName).sort()).toEqual(ids.slice(1).sort());
  expect(lines).toEqual([expect.stringMatching(new RegExp(`^EventBridge event ${event.id} failed for ${ids[0]}: `))]);
});

describe('a batch of SQS messages', () => {
  it('is done but for those that failed, which are named and logged', async () => {
    const { handler, reports, lines } = handling({}, ({ migrationTaskName }) => migrationTaskName === OTHER);
    const answer = await handler(
      sqs(lifecycle('READY_FOR_TEST'), launch('TEST_LAUNCH_FAILED', 5, OTHER), calls.TESTING(9)),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect(reports.map(({ progressPercent }) => progressPercent)).toEqual([30, 40]);
    expect(lines).toEqual(['SQS message message-1 failed and is delivered again: Error: Temporal does not answer']);
  });

  it('is done where what it holds is ignored: no retry would change that', async () => {
    const { handler, lines } = handling();
    expect(await handler(sqs('no JSON', { source: 'aws.ec2' }, '', '[]', 'null'))).toEqual({ batchItemFailures: [] });
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/is ignored: the event is "no JSON", but it must be a JSON object$/);
  });

  it('of another kind is no event', async () => {
    const { handler } = handling();
    const kinesis = { Records: [{ eventSource: 'aws:kinesis', messageId: '1', body: '{}' }] };
    expect(await handler(kinesis)).toMatchObject([{ outcome: 'ignored' }]);
  });
});

it.each([
  [{ hub: {} }, /^hub is \{\}, but it must be a MigrationHubClient$/],
  [{ progressUpdateStream: 'a/b' }, /^progressUpdateStream is "a\/b"/],
  [{ progressUpdateStream: undefined }, /^progressUpdateStream is undefined/],
  [{ nameOf: 'Name' }, /^nameOf is "Name", but it must be a function/],
  [{ nextUpdateSeconds: 0 }, /^nextUpdateSeconds is 0/],
  [{ nextUpdateSeconds: 33 }, /^nextUpdateSeconds is 33, but it must be at least 34/],
  [{ silenceLimitSeconds: -1 }, /^silenceLimitSeconds is -1/],
  [{ labels: { wave: 7 } }, /^labels is/],
  [{ account: ['111122223333'] }, /has no option account: did you mean accounts\?$/],
  [{ regions: [] }, /^regions is \[\]/],
])('options that are wrong are refused when the handler is made: %j', (options, message) => {
  expect(() => handling(options as never)).toThrow(
    expect.objectContaining({ name: 'ConfigurationError', message: expect.stringMatching(message) as string }),
  );
});
