import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient, type TaskReport } from '../../src';
import type { TaskFilter } from '../../src/client';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { startHarness, until, type Harness } from './harness';
import { allOf, tasksOf } from './listed';

let h: Harness;
let hub: MigrationHubClient;
/** Its heartbeat workflows end with their tasks. */
let hasty: MigrationHubClient;

const OWN = 'Listed-by';
const SHARED = 'Listed-by-2';
const QUOTED = `It's "ours"\\ 100%_`;
const STREAMS = [OWN, SHARED, QUOTED];
/** Of each stream. The last has a workflow id that holds a hash, where it has one of its own. */
const NAMES = ['web-01', `it's "db"`, 'a/b\\c %_', 'server 🖥', 'x'.repeat(250)];

const reportOf = (progressUpdateStream: string, migrationTaskName: string, more: Partial<TaskReport> = {}) => ({
  progressUpdateStream,
  migrationTaskName,
  status: 'IN_PROGRESS' as const,
  ...more,
});
const labelsOf = (i: number) => ({ wave: `wave-${i % 2}`, application: i === 4 ? `the "CRM"` : 'erp' });
const deliver = async (by: MigrationHubClient, report: TaskReport) => by.waitForDelivery(await by.report(report));
const heartbeatOf = (stream: string, name: string) =>
  h.server.env.client.workflow.getHandle(
    heartbeatWorkflowId({ progressUpdateStream: stream, migrationTaskName: name }, stream === SHARED ? 3 : 0),
  );
const namesOf = async (filter: TaskFilter) =>
  (await allOf(hub.list(filter)))
    // A server that is given may hold those of other tests.
    .filter(({ progressUpdateStream }) => STREAMS.includes(progressUpdateStream))
    .map(({ progressUpdateStream: s, migrationTaskName: n }) => `${s}: ${n}`)
    .sort();
const all = (streams = STREAMS, names = NAMES) => streams.flatMap((s) => names.map((n) => `${s}: ${n}`)).sort();
/** Temporal's list lags behind. */
const untilListed = (filter: TaskFilter, names: string[]) =>
  until(`${names.length} tasks to be listed`, async () => (await namesOf(filter)).length === names.length);

beforeAll(async () => {
  h = await startHarness();
  const options = { client: h.server.env.client, groups: { [SHARED]: 3 } };
  hub = new MigrationHubClient(options);
  hasty = new MigrationHubClient({ ...options, heartbeat: { lingerSeconds: 0 } });
});
afterAll(() => h?.close());

it('without a worker, tasks are listed with the reports that nobody has taken yet', async () => {
  expect(await namesOf({})).toEqual([]);
  for (const stream of STREAMS)
    for (const [i, name] of NAMES.entries()) await hub.report(reportOf(stream, name, { labels: labelsOf(i) }));
  await untilListed({}, all());
  expect(await namesOf({ freshness: 'never-delivered' })).toEqual(all());
  for (const state of await tasksOf(hub, SHARED))
    expect(state).toMatchObject({ pending: { status: 'IN_PROGRESS' }, source: 'history' });
});

describe('with a worker', () => {
  beforeAll(async () => {
    await h.startHub();
    for (const stream of STREAMS)
      for (const name of NAMES) await deliver(hub, reportOf(stream, name, { progressPercent: 20 }));
  });

  it.each(STREAMS)('a stream is listed with its own tasks only, each once: %s', async (stream) => {
    expect(await namesOf({ progressUpdateStream: stream })).toEqual(all([stream]));
    for (const state of await tasksOf(hub, stream))
      expect(state).toMatchObject({ freshness: 'fresh', lastDelivered: { progressPercent: 20 } });
  });

  it('what is listed is what is told of each task', async () => {
    for (const { judgedAt: _listed, source: _by, ...listed } of await tasksOf(hub, SHARED)) {
      const told = await hub.lastReportedState(SHARED, listed.migrationTaskName);
      const { judgedAt: _told, source, ...rest } = { ...told };
      expect(source).toBe('query');
      expect(rest).toEqual({ ...listed, lastDelivered: { ...listed.lastDelivered, deliveredAt: expect.any(Number) } });
    }
  });

  it('all streams are listed, and their names', async () => {
    expect(await namesOf({})).toEqual(all());
    const streams = await hub.listStreams();
    expect(streams.filter((each) => STREAMS.includes(each))).toEqual([...STREAMS].sort());
  });

  it.each<[TaskFilter['labels'], number[]]>([
    [{ wave: 'wave-0' }, [0, 2, 4]],
    [{ wave: ['wave-0', 'wave-1'], application: 'erp' }, [0, 1, 2, 3]],
    [{ application: `the "CRM"` }, [4]],
    [{ wave: 'wave-1', application: `the "CRM"` }, []],
    [{ nobody: 'has it' }, []],
  ])('by labels %j', async (labels, which) => {
    const names = which.map((i) => NAMES[i] as string);
    expect(await namesOf({ labels })).toEqual(all(STREAMS, names));
    expect(await namesOf({ labels, progressUpdateStream: OWN })).toEqual(all([OWN], names));
  });

  it('a stream that nobody has reported of is empty', async () => {
    expect(await tasksOf(hub, 'Listed-b')).toEqual([]);
  });

  it('a reader that stops early gets no more', async () => {
    let count = 0;
    for await (const _state of hub.list()) if (++count === 2) break;
    expect(count).toBe(2);
  });

  it('by freshness: what has ended, at its end or not, is listed too', async () => {
    await heartbeatOf(OWN, 'web-01').terminate();
    for (const stream of [OWN, QUOTED]) {
      const [, name = ''] = NAMES;
      // A new run, which ends with its task.
      await heartbeatOf(stream, name).terminate();
      await deliver(hasty, reportOf(stream, name, { status: 'COMPLETED', progressPercent: 100 }));
      await heartbeatOf(stream, name).result();
    }
    await deliver(hub, reportOf(SHARED, 'web-01', { status: 'FAILED' }));
    const ended = [`${OWN}: ${NAMES[1]}`, `${QUOTED}: ${NAMES[1]}`, `${SHARED}: web-01`].sort();
    expect(await namesOf({ freshness: 'terminal' })).toEqual(ended);
    expect(await namesOf({ freshness: 'unattended' })).toEqual([`${OWN}: web-01`]);
    expect(await namesOf({ freshness: ['terminal', 'unattended'], progressUpdateStream: OWN })).toEqual(
      all([OWN], NAMES.slice(0, 2)),
    );
    expect(await namesOf({ freshness: 'fresh' })).toHaveLength(all().length - 4);
    expect(await namesOf({})).toEqual(all());
  });
});

it('once the workers are gone, all are listed as before', async () => {
  await h.stopAll();
  expect(await namesOf({})).toEqual(all());
  expect(await namesOf({ freshness: ['terminal', 'unattended'] })).toHaveLength(4);
});
