import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { bundleOf } from '../bundles';
import { startHarness, until, type Harness } from './harness';

const WITH_BUG = join(__dirname, '../fixtures/faulty/with-bug.ts');
const MENDED = join(__dirname, '../fixtures/faulty/mended.ts');

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const start = (type: string) =>
  h.server.env.client.workflow.start(type, { taskQueue: 'migrations', workflowId: `bug-${type}`, args: [type] });
const taskOf = (name: string) => h.emulator.tasks().find((task) => task.migrationTaskName === name);
const statusesOf = (task: string) =>
  h.emulator
    .requests({ operation: 'NotifyMigrationTaskState', task })
    .map(({ body }) => (body as { Task: { Status: string } }).Task.Status);

it('a bug in a migration reports nothing: the task stays in progress, and completes when the code is mended', async () => {
  await h.startHub({ heartbeat: { heartbeatFraction: 0.1 } });
  const withBug = await h.startUserWorker([], 'migrations', WITH_BUG);
  const handle = await start('undeclared');
  const failedTasks = async () =>
    ((await handle.fetchHistory()).events ?? []).filter((event) => event.workflowTaskFailedEventAttributes).length;
  await until('the workflow task to fail', async () => (await failedTasks()) > 0);
  // The workflow is open, so its heartbeats go on.
  const before = statusesOf('undeclared').length;
  await until('a heartbeat', () => statusesOf('undeclared').length > before);
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await withBug.stop();
  await h.startUserWorker([], 'migrations', MENDED);
  expect(await handle.result()).toBe('COMPLETED');
  expect(new Set(statusesOf('undeclared'))).toEqual(new Set(['IN_PROGRESS', 'COMPLETED']));
  await Worker.runReplayHistory(
    { workflowBundle: await bundleOf(MENDED), ...LOADED_MACHINE },
    await handle.fetchHistory(),
  );
});

it('an error of a type that is declared to fail the workflow makes the task FAILED, with its message', async () => {
  await h.startHub();
  await h.startUserWorker([], 'migrations', WITH_BUG);
  await expect((await start('declared')).result()).rejects.toThrow('Workflow execution failed');
  await until('FAILED', () => taskOf('declared')?.status === 'FAILED');
  expect(taskOf('declared')?.statusDetail).toMatch(/Cannot read properties of undefined/);
});

it('where it is declared to Temporal alone, the task is closed as FAILED in the name of its workflow', async () => {
  await h.startHub({ heartbeat: { heartbeatFraction: 0.1 } });
  await h.startUserWorker([], 'migrations', WITH_BUG);
  await expect((await start('declaredToTemporal')).result()).rejects.toThrow('Workflow execution failed');
  await until('FAILED', () => taskOf('declaredToTemporal')?.status === 'FAILED');
  expect(taskOf('declaredToTemporal')?.statusDetail).toBe('The workflow bug-declaredToTemporal failed');
});
