import { afterAll, beforeAll, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import type { NotifyFailure, TaskStateView } from '../../src/task-state';
import { OWNERS_QUEUE, startSkippedTime, type SkippedTime } from './skipped-time';

let s: SkippedTime;
let client: MigrationHubClient;
beforeAll(async () => {
  s = await startSkippedTime();
  client = new MigrationHubClient({ client: s.env.client });
});
afterAll(() => s?.close());

const task = (migrationTaskName: string) => ({ progressUpdateStream: 'Owned', migrationTaskName });
const handleOf = (name: string) => s.env.client.workflow.getHandle(`mgh:Owned:${name}`);
/** A workflow that is open until it is ended from outside. */
async function startOwner(workflowId: string, workflowExecutionTimeout?: '10m') {
  const options = { workflowId, taskQueue: OWNERS_QUEUE, workflowExecutionTimeout };
  const handle = await s.env.client.workflow.start('owner', options);
  // One that is ended before its first step keeps this server from ever skipping time again.
  await s.env.sleep('1s');
  return handle;
}
const report = (name: string, workflowId: string | undefined, over = {}) =>
  client.report({
    ...task(name),
    status: 'IN_PROGRESS',
    progressPercent: 40,
    nextUpdateSeconds: 600,
    owner: { ownerId: `by ${name}`, workflowId, sequence: 1 },
    ...over,
  });

it('heartbeats go on while the owner is open, and a terminated owner makes its task FAILED, in its name', async () => {
  const owner = await startOwner('migrate-web-01');
  await report('terminated', owner.workflowId);
  await s.env.sleep('30m');
  const alive = s.of('terminated').length;
  expect(alive).toBeGreaterThan(8);
  await owner.terminate('by hand');
  await s.env.sleep('30m');
  const rest = s.of('terminated').slice(alive);
  expect(rest).toHaveLength(1);
  expect(rest[0]).toMatchObject({
    status: 'FAILED',
    progressPercent: 40,
    statusDetail: 'The workflow migrate-web-01 was terminated',
  });
  const [view] = (await handleOf('terminated').result()) as TaskStateView[];
  expect(view).toMatchObject({
    freshness: 'terminal',
    abandoned: { reason: 'its owner migrate-web-01 was terminated' },
    reporters: { 'by terminated': { accepted: 1, delivered: 1 } },
  });
});

it('an owner that timed out makes its task FAILED', async () => {
  const owner = await startOwner('migrate-web-02', '10m');
  await report('timed out', owner.workflowId);
  await s.env.sleep('30m');
  expect(s.of('timed out').at(-1)).toMatchObject({
    status: 'FAILED',
    statusDetail: 'The workflow migrate-web-02 timed out',
  });
});

it('continuing as new is not the end of an owner', async () => {
  // A workflow of ours that goes on for hours and continues as new every few heartbeats.
  const restless = new MigrationHubClient({ client: s.env.client, heartbeat: { maxHistoryEvents: 50 } });
  await restless.report({ ...task('owner'), status: 'IN_PROGRESS', nextUpdateSeconds: 600 });
  const first = (await handleOf('owner').describe()).runId;
  await report('owned', 'mgh:Owned:owner');
  await s.env.sleep('2h');
  expect((await handleOf('owner').describe()).runId).not.toBe(first);
  expect((await client.lastReportedState('Owned', 'owned'))?.abandoned).toBeUndefined();
  expect(s.of('owned').at(-1)).toMatchObject({ status: 'IN_PROGRESS' });
  // It completes without reporting an end of the task: nothing is claimed of it any more, and it waits for somebody to report its end.
  await client.report({ ...task('owner'), status: 'COMPLETED' });
  await handleOf('owner').result();
  const before = s.of('owned').length;
  await s.env.sleep('24h');
  expect(s.of('owned')).toHaveLength(before);
  expect(await client.lastReportedState('Owned', 'owned')).toMatchObject({
    lastDelivered: { status: 'IN_PROGRESS' },
    abandoned: {
      reason: expect.stringMatching(/^its owner mgh:Owned:owner completed without reporting an end/) as string,
    },
  });
  expect((await handleOf('owned').describe()).status.name).toBe('RUNNING');
  await report('owned', undefined, { status: 'FAILED', owner: undefined });
  expect((await handleOf('owned').result()) as TaskStateView[]).toMatchObject([{ freshness: 'terminal' }]);
});

it('a report that waited while its owner failed goes out as the failure; one whose owner completed still arrives', async () => {
  const away: NotifyFailure = { type: 'ServiceUnavailableException', message: 'away', retry: 'backoff' };
  s.answer = () => away;
  const lost = await startOwner('migrate-lost');
  await report('waits for lost', lost.workflowId);
  await report('waits for done', 'mgh:Owned:done');
  // It does not wait for more reports, or an hour would be skipped.
  const brief = new MigrationHubClient({ client: s.env.client, heartbeat: { lingerSeconds: 1 } });
  await brief.report({ ...task('done'), status: 'COMPLETED' });
  await s.env.sleep('2m');
  await lost.terminate();
  s.answer = ({ migrationTaskName }) => (migrationTaskName === 'done' ? undefined : away);
  await handleOf('done').result();
  // Owners are looked for with each heartbeat.
  await s.env.sleep('5m');
  s.answer = () => undefined;
  await s.env.sleep('2m');
  const taken = (name: string) => s.of(name).filter(({ failed }) => !failed);
  expect(taken('waits for lost').map(({ status }) => status)).toEqual(['FAILED']);
  expect(taken('waits for done').map(({ status }) => status)).toEqual(['IN_PROGRESS']);
});

it('a migration that is started again after it was terminated is accepted, though its task was closed for it', async () => {
  const owner = await startOwner('migrate-again');
  await report('again', owner.workflowId, {
    owner: { ownerId: 'run 1', workflowId: owner.workflowId, runId: '1', sequence: 1 },
  });
  await s.env.sleep('10m');
  await owner.terminate();
  await s.env.sleep('10m');
  expect(s.of('again').at(-1)?.status).toBe('FAILED');
  const anew = await startOwner('migrate-again');
  const { workflowId } = anew;
  await report('again', workflowId, {
    progressPercent: 5,
    owner: { ownerId: 'run 2', workflowId, runId: '2', sequence: 1 },
  });
  await s.env.sleep('20m');
  expect(s.of('again').at(-1)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 5 });
});

it('a task that two workflows report is alive while one of them is open', async () => {
  const parent = await startOwner('parent');
  const child = await startOwner('child');
  await report('shared', parent.workflowId, { owner: { ownerId: 'parent', workflowId: 'parent', sequence: 1 } });
  await report('shared', child.workflowId, { owner: { ownerId: 'child', workflowId: 'child', sequence: 1 } });
  await child.terminate();
  await s.env.sleep('1h');
  expect(s.of('shared').at(-1)).toMatchObject({ status: 'IN_PROGRESS' });
  await parent.terminate();
  await s.env.sleep('10m');
  expect(s.of('shared').at(-1)).toMatchObject({ status: 'FAILED', statusDetail: 'The workflow child was terminated' });
});

it('a report added by hand does not take the place of the workflow that reports of the task', async () => {
  const owner = await startOwner('annotated');
  await report('noted', owner.workflowId);
  await client.report({
    ...task('noted'),
    status: 'IN_PROGRESS',
    statusDetail: 'disk 2 is slow',
    nextUpdateSeconds: 600,
  });
  await s.env.sleep('10m');
  await owner.terminate();
  await s.env.sleep('10m');
  expect(s.of('noted').at(-1)).toMatchObject({ status: 'FAILED' });
});

it('a reporter that is no workflow is repeated until its silence limit, and accepted again afterwards', async () => {
  await report('by hand', undefined, { silenceLimitSeconds: 1800 });
  await s.env.sleep('3h');
  const { length } = s.of('by hand');
  expect(s.of('by hand').at(-1)?.status).toBe('IN_PROGRESS');
  const [first, last] = [s.of('by hand')[0], s.of('by hand').at(-1)];
  expect((last?.at ?? 0) - (first?.at ?? 0)).toBeLessThanOrEqual(1800);
  expect(length).toBeGreaterThan(8);
  expect(await client.lastReportedState('Owned', 'by hand')).toMatchObject({
    abandoned: { reason: 'nothing was reported for 1800 s, its silence limit' },
  });
  await report('by hand', undefined, { owner: undefined, progressPercent: 60 });
  await s.env.sleep('1m');
  expect(s.of('by hand').at(-1)).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 60 });
});
