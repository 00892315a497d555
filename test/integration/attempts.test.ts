import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, until, type Harness } from './harness';
import { statesTold } from './journal';

const WITH_BUG = join(__dirname, '../fixtures/faulty/with-bug.ts');
const MENDED = join(__dirname, '../fixtures/faulty/mended.ts');
const FAILED_ATTEMPT = ['IN_PROGRESS 80', 'FAILED 80'];
const GOOD_ATTEMPT = ['IN_PROGRESS 5', 'COMPLETED 100'];

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const start = (type: string, workflowId: string, ...args: unknown[]) =>
  h.server.env.client.workflow.start(type, { taskQueue: 'migrations', workflowId, args });
const told = (task: string) => statesTold(h.emulator, task);

/** Runs the migration with a fault that fails it, then waits until Migration Hub has that. */
async function fail(task: string, workflowId: string) {
  const worker = await h.startUserWorker([], 'migrations', WITH_BUG);
  const handle = await start('failing', workflowId, task);
  await expect(handle.result()).rejects.toThrow('Workflow execution failed');
  await until('FAILED', () => told(task).at(-1) === 'FAILED 80');
  await worker.stop();
  return handle;
}

describe('a migration that failed and is mended is a new attempt in Migration Hub', () => {
  it.each([
    ['the same id', 'again', 'again'],
    ['another id', 'first-try', 'second-try'],
  ])('where it is started again under %s', async (_how, firstId, secondId) => {
    await h.startHub();
    const task = `vm-${secondId}`;
    await fail(task, firstId);
    await h.startUserWorker([], 'migrations', MENDED);
    expect(await (await start('failing', secondId, task)).result()).toBe('COMPLETED');
    expect(told(task)).toEqual([...FAILED_ATTEMPT, ...GOOD_ATTEMPT]);
  });

  it('where it is reset to its first workflow task', async () => {
    await h.startHub();
    const handle = await fail('vm-reset', 'to-be-reset');
    await h.startUserWorker([], 'migrations', MENDED);
    const { client } = h.server.env;
    const { events } = await handle.fetchHistory();
    const { runId } = await client.workflowService.resetWorkflowExecution({
      namespace: h.namespace,
      workflowExecution: { workflowId: handle.workflowId, runId: handle.firstExecutionRunId },
      workflowTaskFinishEventId: events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId,
      requestId: 'once',
      reason: 'mended',
    });
    expect(await client.workflow.getHandle(handle.workflowId, runId).result()).toBe('COMPLETED');
    expect(told('vm-reset')).toEqual([...FAILED_ATTEMPT, ...GOOD_ATTEMPT]);
  });

  it('where its heartbeat workflow has ended meanwhile', async () => {
    await h.startHub({ heartbeat: { lingerSeconds: 0 } });
    await fail('vm-later', 'first-of-later');
    const { client } = h.server.env;
    await client.workflow.getHandle('mgh:Bugs:vm-later').result();
    await h.startUserWorker([], 'migrations', MENDED);
    expect(await (await start('failing', 'second-of-later', 'vm-later')).result()).toBe('COMPLETED');
    expect(told('vm-later')).toEqual([...FAILED_ATTEMPT, ...GOOD_ATTEMPT]);
  });
});

it('a migration without run that Temporal retries after a back-off is a new attempt, though its heartbeat workflow has ended', async () => {
  await h.startHub({ heartbeat: { lingerSeconds: 0 } });
  await h.startUserWorker();
  await h.server.env.client.workflow.execute('failsInHaste', {
    taskQueue: 'migrations',
    workflowId: 'in-haste',
    args: ['vm-haste'],
    // The end of the first run reaches Migration Hub after that run has closed.
    retry: { maximumAttempts: 2, initialInterval: '8s' },
  });
  await until('the end', () => told('vm-haste').at(-1) === 'COMPLETED 100');
  expect(told('vm-haste').filter((state) => state.startsWith('FAILED'))).toEqual(['FAILED 80']);
});

it('a completed migration that is run again and fails is FAILED in Migration Hub', async () => {
  await h.startHub();
  const worker = await h.startUserWorker([], 'migrations', MENDED);
  expect(await (await start('failing', 'good-first', 'vm-worse')).result()).toBe('COMPLETED');
  await worker.stop();
  await fail('vm-worse', 'bad-then');
  expect(told('vm-worse')).toEqual([...GOOD_ATTEMPT, ...FAILED_ATTEMPT]);
});

it('without run, a workflow that started later begins an attempt, and one that started before the end does not', async () => {
  await h.startHub();
  await h.startUserWorker();
  const early = await start('reportsAlone', 'early', 'vm-alone', 'IN_PROGRESS', true);
  expect(await (await start('reportsAlone', 'ending', 'vm-alone', 'COMPLETED')).result()).toBe('COMPLETED');
  await early.signal('goOn');
  expect(await early.result()).toBe('ReportRefused');
  expect(await (await start('reportsAlone', 'late', 'vm-alone', 'FAILED')).result()).toBe('FAILED');
  expect(told('vm-alone').map((state) => state.split(' ')[0])).toEqual(['COMPLETED', 'FAILED']);
});
