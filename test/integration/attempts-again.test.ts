import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src';
import { startHarness, until, type Harness } from './harness';
import { statesTold } from './journal';

const FAILED_ATTEMPT = ['IN_PROGRESS 80', 'FAILED 80'];
const GOOD_ATTEMPT = ['IN_PROGRESS 5', 'COMPLETED 100'];

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
  await h.startHub();
  await h.startUserWorker();
});
afterAll(() => h?.close());

const start = (type: string, workflowId: string, args: unknown[], options: object = {}) =>
  h.server.env.client.workflow.start(type, { taskQueue: 'migrations', workflowId, args, ...options });
const told = (task: string) => statesTold(h.emulator, task);
/** Resets the first run of a workflow to its first workflow task; gives the new run. */
async function reset(workflowId: string, runId: string) {
  const { client } = h.server.env;
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const again = await client.workflowService.resetWorkflowExecution({
    namespace: h.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId,
    requestId: `reset ${workflowId}`,
    reason: 'mended',
  });
  return client.workflow.getHandle(workflowId, again.runId);
}

describe('each run of a schedule is an attempt of its own', () => {
  it.each([
    ['with run', 'migrateEachRun'],
    ['where it calls the activity by its name', 'migrateByName'],
  ])('by a cron schedule, %s', async (_how, type) => {
    const task = `cron-${type}`;
    const handle = await start(type, task, [task], { cronSchedule: '@every 1s' });
    await until('three attempts', () => told(task).filter((state) => state === 'COMPLETED 100').length >= 3);
    await handle.terminate();
    expect(told(task).slice(0, 6)).toEqual([...GOOD_ATTEMPT, ...GOOD_ATTEMPT, ...GOOD_ATTEMPT]);
  });

  it.each([
    ['with run', 'migrateEachRun'],
    ['where it calls the activity by its name', 'migrateByName'],
  ])('by a Schedule of Temporal, %s', async (_how, type) => {
    const task = `schedule-${type}`;
    const schedule = await h.server.env.client.schedule.create({
      scheduleId: task,
      spec: { intervals: [{ every: '2s' }] },
      action: { type: 'startWorkflow', workflowType: type, taskQueue: 'migrations', args: [task] },
    });
    await until('three attempts', () => told(task).filter((state) => state === 'COMPLETED 100').length >= 3);
    await schedule.delete();
    expect(told(task).slice(0, 6)).toEqual([...GOOD_ATTEMPT, ...GOOD_ATTEMPT, ...GOOD_ATTEMPT]);
  });
});

describe('a migration that calls the activity by its name, as in another language, and failed, is a new attempt', () => {
  it('where it is started again under another id', async () => {
    await expect((await start('migrateByName', 'named-1', ['named', true])).result()).rejects.toThrow();
    await (await start('migrateByName', 'named-2', ['named'])).result();
    expect(told('named')).toEqual([...FAILED_ATTEMPT, ...GOOD_ATTEMPT]);
  });

  it.each([
    ['a retry policy', 'by-retry', { retry: { maximumAttempts: 2, initialInterval: 100 } }],
    ['its cron schedule', 'by-cron', { cronSchedule: '@every 1s' }],
  ])('where it is run again by %s', async (_how, task, options) => {
    const handle = await start('migrateByName', task, [task, true], options);
    await until('the second attempt', () => told(task).length >= 4);
    expect(told(task).slice(0, 4)).toEqual([...FAILED_ATTEMPT, ...GOOD_ATTEMPT]);
    await handle.terminate().catch(() => undefined);
  });

  it('where it is reset to its first workflow task', async () => {
    const handle = await start('migrateByName', 'by-reset', ['by-reset', true]);
    await expect(handle.result()).rejects.toThrow();
    expect(await (await reset('by-reset', handle.firstExecutionRunId)).result()).toBe('COMPLETED');
    expect(told('by-reset')).toEqual([...FAILED_ATTEMPT, ...GOOD_ATTEMPT]);
  });

  it('where it continues as new after its end; continuing as new before the end goes on with the attempt', async () => {
    expect(await (await start('migrateByNameTwice', 'by-next-run', ['by-next-run'])).result()).toBe('twice');
    expect(told('by-next-run')).toEqual([...GOOD_ATTEMPT, ...GOOD_ATTEMPT]);
    expect(await (await start('migrateByNameInTwoRuns', 'two-runs', ['two-runs'])).result()).toBe('COMPLETED');
    expect(told('two-runs')).toEqual(['IN_PROGRESS 40', 'IN_PROGRESS 40', 'COMPLETED 100']);
  });

  it('where somebody reported the end by hand', async () => {
    const { client } = h.server.env;
    const task = { progressUpdateStream: 'ByName', migrationTaskName: 'by-hand' };
    const hub = new MigrationHubClient({ client });
    await hub.waitForDelivery(await hub.report({ ...task, status: 'FAILED', progressPercent: 30 }));
    await (await start('migrateByName', 'after-by-hand', ['by-hand'])).result();
    expect(told('by-hand')).toEqual(['FAILED 30', ...GOOD_ATTEMPT]);
  });
});

describe('once the heartbeat workflow that sent the end has ended, the next one knows by whom', () => {
  /** A task whose heartbeat workflow ends with it; gives what waits for that. */
  async function briefly(progressUpdateStream: string, migrationTaskName: string) {
    const { client } = h.server.env;
    const hub = new MigrationHubClient({ client, heartbeat: { lingerSeconds: 0 } });
    const task = { progressUpdateStream, migrationTaskName };
    await hub.waitForDelivery(await hub.report({ ...task, status: 'NOT_STARTED', progressPercent: 0 }));
    const { runId } = await client.workflow.getHandle(`mgh:${progressUpdateStream}:${migrationTaskName}`).describe();
    const over = () => client.workflow.getHandle(`mgh:${progressUpdateStream}:${migrationTaskName}`, runId).result();
    return { hub, task, over };
  }

  it('the same run of a workflow does not report over the end that somebody reported', async () => {
    const { hub, task, over } = await briefly('Bugs', 'overruled');
    const late = await start('reportsLateInRun', 'overruled', ['overruled']);
    await until('its report', () => told('overruled').includes('IN_PROGRESS 10'));
    await hub.report({ ...task, status: 'FAILED' });
    await over();
    const before = told('overruled');
    expect(before.at(-1)).toBe('FAILED 10');
    await late.signal('goOn');
    expect(await late.result()).toBe('ReportRefused');
    expect(told('overruled')).toEqual(before);
  });

  it.each([
    ['an artifact, which keeps it open', 'artifact', 3600],
    ['an artifact, and has ended', 'artifact', 0],
    ['a report that it refused, and has ended', 'report', 0],
  ])('nor where the next one was started by %s', async (_what, by, lingerSeconds) => {
    const name = `overruled-by-${by}-${lingerSeconds}`;
    const { hub, task, over } = await briefly('Bugs', name);
    const late = await start('reportsLateInRun', name, [name]);
    await until('its report', () => told(name).includes('IN_PROGRESS 10'));
    await hub.report({ ...task, status: 'FAILED' });
    await over();
    const before = told(name);
    const next = new MigrationHubClient({ client: h.server.env.client, heartbeat: { lingerSeconds } });
    if (by === 'report') await next.report({ ...task, status: 'IN_PROGRESS' });
    else await next.associateArtifact({ ...task, name: 'arn:aws:ec2:us-west-2:123456789012:image/ami-1' });
    const isAttached = async () =>
      (await next.lastReportedState('Bugs', name))?.attachments?.[0]?.state === 'associated';
    if (lingerSeconds > 0) await until('the artifact', isAttached);
    else await h.server.env.client.workflow.getHandle(`mgh:Bugs:${name}`).result();
    await late.signal('goOn');
    expect(await late.result()).toBe('ReportRefused');
    expect(told(name)).toEqual(before);
  });

  it('a further run of it begins an attempt', async () => {
    const { over } = await briefly('Bugs', 'overruled-again');
    await (await start('migrateEachRun', 'first', ['overruled-again'])).result();
    await over();
    await (await start('migrateEachRun', 'second', ['overruled-again'])).result();
    expect(told('overruled-again')).toEqual(['NOT_STARTED 0', ...GOOD_ATTEMPT, ...GOOD_ATTEMPT]);
  });

  it('a retry of a workflow that calls the activity by its name begins one, though it was created before the end was sent', async () => {
    const { over } = await briefly('ByName', 'retried');
    const retry = { maximumAttempts: 2, initialInterval: 5000 };
    const handle = await start('migrateByName', 'retried', ['retried', true], { retry });
    await over();
    expect(await handle.result()).toBe('COMPLETED');
    expect(told('retried')).toEqual(['NOT_STARTED 0', ...FAILED_ATTEMPT, ...GOOD_ATTEMPT]);
  });
});

it('a heartbeat workflow that is reset once it has sent an end refuses neither that nor the attempt after it', async () => {
  const { client } = h.server.env;
  const hub = new MigrationHubClient({ client });
  await (await start('migrateEachRun', 'rescued-1', ['rescued'])).result();
  const { runId } = await client.workflow.getHandle('mgh:Bugs:rescued').describe();
  await reset('mgh:Bugs:rescued', runId);
  const state = () => hub.lastReportedState('Bugs', 'rescued');
  await until('its end', async () => (await state())?.freshness === 'terminal');
  const { counters, reporters, pending } = (await state()) ?? {};
  expect({ refused: counters?.refused, pending }).toEqual({ refused: 0, pending: undefined });
  expect(Object.values(reporters ?? {})).toMatchObject([{ delivered: 2 }]);
  // Within the second of the first it may have been sent again, to the byte.
  expect([...new Set(told('rescued'))]).toEqual(GOOD_ATTEMPT);
  const before = told('rescued');
  await (await start('migrateEachRun', 'rescued-2', ['rescued'])).result();
  expect(told('rescued')).toEqual([...before, ...GOOD_ATTEMPT]);
});

it('a late report of a run whose attempt is over changes nothing in the next one, and the run is told', async () => {
  const late = await start('reportsLateByName', 'late', ['belated']);
  await until('its first report', () => told('belated').length === 1);
  await expect((await start('migrateByName', 'ends', ['belated', true])).result()).rejects.toThrow();
  const next = await start('reportsLateByName', 'next', ['belated']);
  await until('the next attempt', () => told('belated').at(-1) === 'IN_PROGRESS 10');
  const before = told('belated');
  await late.signal('goOn');
  expect(await late.result()).toBe('ReportRefused');
  expect(told('belated')).toEqual(before);
  await next.signal('goOn');
  expect(await next.result()).toBe('delivered');
});

it('activities of one workflow that report under one id, one after the other, all count', async () => {
  await (await start('reportsUnderOneId', 'one-id', ['one-id'])).result();
  expect(told('one-id')).toEqual(['IN_PROGRESS 10', 'IN_PROGRESS 20', 'IN_PROGRESS 30']);
});
