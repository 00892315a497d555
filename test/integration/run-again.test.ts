import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { served, startHarness, until, type Harness } from './harness';
import { statesTold } from './journal';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h?.close());

const start = (type: string, name: string, options: object = {}, ...more: unknown[]) =>
  h.server.env.client.workflow.start(type, {
    taskQueue: 'migrations',
    workflowId: `again-${name}`,
    args: [name, ...more],
    ...options,
  });
const hubTask = (name: string) => h.emulator.tasks().find((task) => task.migrationTaskName === name);
const told = (task: string) => statesTold(h.emulator, task);

describe('where workers run', () => {
  served(() => h);

  describe('a migration that failed and is run again', () => {
    it('by a retry of Temporal: its task is reopened, begins anew and completes', async () => {
      const handle = await start('failOnce', 'retried', { retry: { maximumAttempts: 2, initialInterval: 100 } });
      expect(await handle.result()).toBe('COMPLETED');
      expect(told('retried').slice(-3)).toEqual(['FAILED 80', 'IN_PROGRESS 5', 'COMPLETED 100']);
    });

    it('by a second run(): its task is reopened, begins anew and completes', async () => {
      expect(await (await start('runTwice', 'twice')).result()).toBe('COMPLETED');
      expect(told('twice')).toEqual(['IN_PROGRESS 80', 'FAILED 80', 'IN_PROGRESS 5', 'COMPLETED 100']);
    });
  });

  it.each([
    ['within the run', 'runAgainInNextRun'],
    ['between two', 'runAgainAfterContinuing'],
  ])('a migration that is run again reopens its task also where it continues as new first, %s', async (_, type) => {
    expect(await (await start(type, type)).result()).toBe('COMPLETED');
    const statuses = told(type).map((state) => state.split(' ')[0]);
    expect([...new Set(statuses)]).toEqual(['FAILED', 'IN_PROGRESS', 'COMPLETED']);
    expect(statuses.at(-1)).toBe('COMPLETED');
  });

  it('after a reset of the workflow, delivered() finds what was reported before it', async () => {
    const { client } = h.server.env;
    const handle = await start('askLater', 'reset');
    await until('the report', () => hubTask('reset')?.progressPercent === 40);
    const completed = async () =>
      ((await handle.fetchHistory()).events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
    await until('the workflow to have taken the answer', async () => (await completed()).length > 1);
    const { runId } = await client.workflowService.resetWorkflowExecution({
      namespace: h.namespace,
      workflowExecution: { workflowId: handle.workflowId, runId: handle.firstExecutionRunId },
      workflowTaskFinishEventId: (await completed()).at(-1)?.eventId,
      requestId: 'once',
      reason: 'test',
    });
    const after = client.workflow.getHandle(handle.workflowId, runId);
    await after.signal('goOn');
    expect(await after.result()).toBe('IN_PROGRESS');
  });

  it.each([0, -1, NaN])('delivered(%d) is refused, naming what is wrong', async (seconds) => {
    const message = await (await start('deliveredWithin', `within-${seconds}`, {}, seconds)).result();
    expect(message).toMatch(/^InvalidReport: timeoutSeconds is .*, but it must be a number of seconds, at least 1$/);
  });

  it('delivered() ends in its time with what is missing, and the report arrives all the same', async () => {
    h.emulator.setFaults([{ match: { task: 'held-up' }, action: { type: 'service-unavailable' } }]);
    const message = await (await start('deliveredWithin', 'held-up', {}, 3)).result();
    expect(message).toMatch(/^DeliveryTimeout: not delivered in time \(held-up, 3 s\): ./);
    h.emulator.setFaults([]);
    await until('the report', () => hubTask('held-up')?.status === 'IN_PROGRESS');
  });
});

describe('where no worker of ours runs at first', () => {
  afterEach(() => h.stopAll());

  it('a migration cancelled while it waits to continue as new is FAILED in Migration Hub', async () => {
    await h.startUserWorker();
    const handle = await start('continueWithoutWorker', 'cancelled');
    const scheduled = async () =>
      (await handle.fetchHistory()).events?.some((event) => event.activityTaskScheduledEventAttributes);
    await until('the report to be on its way', async () => (await scheduled()) ?? false);
    await handle.cancel();
    await h.startHub();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    await until('FAILED', () => hubTask('cancelled')?.status === 'FAILED');
    expect(hubTask('cancelled')).toMatchObject({ statusDetail: 'Cancelled' });
  });

  it('report() behind another one that finds no worker waits no longer than its own time-out', async () => {
    await h.startUserWorker();
    expect(await (await start('impatientBehindPatient', 'behind')).result()).toBe('impatient');
  });
});
