import type { Worker } from '@temporalio/worker';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { stopWhenRunning } from '../../src/worker/stop-when-running';

function workerIn(state: string) {
  const worker = { state, stops: 0, getState: () => worker.state, shutdown: () => void worker.stops++ };
  return worker;
}
const stop = (worker: ReturnType<typeof workerIn>, isOver = () => false) =>
  stopWhenRunning(worker as unknown as Worker, isOver);

it('a worker that runs is shut down at once', async () => {
  const worker = workerIn('RUNNING');
  await stop(worker);
  expect(worker.stops).toBe(1);
});

it('one that a plugin still holds back is shut down when it runs', async () => {
  const worker = workerIn('INITIALIZED');
  const stopped = stop(worker);
  await sleep(120);
  expect(worker.stops).toBe(0);
  worker.state = 'RUNNING';
  await stopped;
  expect(worker.stops).toBe(1);
});

it('one that never runs, since its plugin has failed, is waited for no longer', async () => {
  let isOver = false;
  const worker = workerIn('INITIALIZED');
  const stopped = stop(worker, () => isOver);
  isOver = true;
  await stopped;
  expect(worker.stops).toBe(0);
});

it.each(['STOPPING', 'DRAINING', 'STOPPED', 'FAILED'])('one that is %s is left alone', async (state) => {
  const worker = workerIn(state);
  await stop(worker);
  expect(worker.stops).toBe(0);
});
