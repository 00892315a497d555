import { describe, expect, it, vi } from 'vitest';
import { createNotifyTaskStates } from '../../src/activities/notify-task-states';
import type { TaskCalls } from '../../src/activities/task-calls';
import { WORKER_BUSY } from '../../src/migration-hub/pace';
import {
  AT,
  environment,
  failureOf,
  itemOf,
  milliseconds,
  NOTIFY,
  outcomesOf,
  SETTINGS,
  useEmulator,
} from './activities';

const { emulator, activities, sentTo, operations } = useEmulator();
const names = ['vm-0', 'vm-1', 'vm-2', 'vm-3', 'vm-4'];
const items = () => names.map((name) => itemOf(name));

describe('a batch', () => {
  it('reaches Migration Hub as it was reported, to the character', async () => {
    const { importTasks, notify } = activities();
    await importTasks('vm-0');
    const result = await notify([itemOf('vm-0', { statusDetail: '50 % – größer 😀', progressPercent: 50 })]);
    expect(result).toEqual({ stampedAt: AT, others: {} });
    expect(emulator().tasks()[0]).toMatchObject({
      status: 'IN_PROGRESS',
      statusDetail: '50 % – größer 😀',
      progressPercent: 50,
      updateDateTime: AT,
      nextUpdateSeconds: 3600,
    });
  });

  it('takes a detail of 2,500 characters, whichever they are', async () => {
    const { importTasks, notify } = activities();
    await importTasks('vm-0', 'vm-1');
    const given = ['x', '😀'].map((char, i) => itemOf(`vm-${i}`, { statusDetail: char.repeat(2500) }));
    expect(await notify(given)).toEqual({ stampedAt: AT, others: {} });
  });

  it('that 100 tasks share answers with no more than the one that was not taken', async () => {
    const { importTasks, notify } = activities({}, 10);
    const many = Array.from({ length: 100 }, (_, i) => `vm-${i}`);
    await importTasks(...many);
    emulator().setFaults([{ match: { task: 'vm-77', operation: NOTIFY }, action: { type: 'access-denied' } }]);
    const result = await notify(many.map((name) => itemOf(name)));
    expect(Object.keys(result.others)).toEqual(['77']);
    expect(JSON.stringify(result).length).toBeLessThan(500);
  });

  it('leaves tasks whose calls had no turn to the next, with no failure; metrics are told', async () => {
    const failure = { type: WORKER_BUSY, message: 'no turn', retry: 'backoff', retryAfterSeconds: 9 } as const;
    const answers: Record<string, object> = { 'vm-1': {}, 'vm-2': { failure, registeredAnew: true } };
    const notify = ({ migrationTaskName }: { migrationTaskName: string }) =>
      Promise.resolve(answers[migrationTaskName] ?? { failure });
    const observer = { called: vi.fn(), tried: vi.fn() };
    const standstills = { check: () => () => undefined } as never;
    const activity = createNotifyTaskStates({ notify } as unknown as TaskCalls, 4, SETTINGS, standstills, observer);
    const notBegun = { notBegun: true };
    expect(await environment().env.run(activity, items())).toEqual({
      stampedAt: AT,
      others: { 0: notBegun, 2: { ...notBegun, registeredAnew: true }, 3: notBegun, 4: notBegun },
    });
    expect(observer.tried).toHaveBeenCalledWith(expect.objectContaining({ migrationTaskName: 'vm-4' }), { failure });
  });

  it('ends once some of its tasks are delivered, and its next activity attempt sends the rest only', async () => {
    const { importTasks, notify } = activities();
    await importTasks(...names);
    emulator().setFaults([
      { match: { task: 'vm-1' }, action: { type: 'throttle', retryAfterSeconds: 1 } },
      { match: { task: 'vm-3' }, action: { type: 'html-503' } },
    ]);
    const ended = outcomesOf(await notify(items()), 5);
    expect(ended.map(({ failure }) => failure?.type)).toEqual([
      undefined,
      'ThrottlingException',
      undefined,
      'ServiceUnavailableException',
      undefined,
    ]);

    emulator().clearFaults();
    const before = sentTo().length;
    const heartbeatDetails = { done: '10101', others: { 4: { registeredAnew: true } } };
    const { others } = await notify(items(), { attempt: 2, heartbeatDetails });
    expect(sentTo().slice(before).sort()).toEqual(['vm-1', 'vm-3']);
    expect(others).toEqual({ 1: { attempts: 2 }, 3: { attempts: 2 }, 4: { registeredAnew: true } });
    expect(
      emulator()
        .tasks()
        .map((task) => task.notifications),
    ).toEqual([1, 1, 1, 1, 1]);
    const bodies = emulator()
      .requests({ operation: NOTIFY, task: 'vm-1' })
      .map(({ body }) => body);
    expect(bodies[1]).toEqual(bodies[0]);
  });

  it('sends nothing again where a worker was lost after the last delivery', async () => {
    const info = { attempt: 2, heartbeatDetails: { done: '11111', others: {} } };
    expect(await activities().notify(items(), info)).toEqual({ stampedAt: AT, others: {} });
    expect(sentTo()).toEqual([]);
  });

  it('registers a task that Migration Hub does not know once, and sends again', async () => {
    expect((await activities().notify([itemOf('vm-0')])).others).toEqual({ 0: { registeredAnew: true } });
    expect(operations()).toEqual([NOTIFY, 'CreateProgressUpdateStream', 'ImportMigrationTask', NOTIFY]);
    expect(emulator().tasks()).toMatchObject([{ migrationTaskName: 'vm-0', notifications: 1 }]);
  });

  it('tells that a task was registered anew also where it is throttled then: no further activity attempt would know', async () => {
    emulator().setFaults([
      { match: { operation: NOTIFY, nth: 2 }, action: { type: 'throttle', retryAfterSeconds: 1 } },
    ]);
    expect((await activities().notify([itemOf('vm-0')])).others).toMatchObject({
      0: { registeredAnew: true, failure: { type: 'ThrottlingException' } },
    });
  });

  it('reports what no retry cures for the task it hit, and delivers the others', async () => {
    const { importTasks, notify } = activities();
    await importTasks(...names);
    emulator().setFaults([{ match: { task: 'vm-2', operation: NOTIFY }, action: { type: 'access-denied' } }]);
    const { others } = await notify(items());
    expect(others).toMatchObject({ 2: { failure: { type: 'AccessDeniedException', retry: 'operator' } } });
    expect(Object.keys(others)).toEqual(['2']);
  });

  it('waits at least as long as the longest RetryAfterSeconds', async () => {
    const { importTasks, notify } = activities();
    await importTasks('vm-0', 'vm-1');
    emulator().setFaults([
      { match: { task: 'vm-0' }, action: { type: 'throttle', retryAfterSeconds: 1 } },
      { match: { task: 'vm-1' }, action: { type: 'throttle', retryAfterSeconds: 3 } },
    ]);
    const failure = await failureOf(notify([itemOf('vm-0'), itemOf('vm-1')]));
    expect(failure).toMatchObject({ type: 'ThrottlingException', category: 'BENIGN', nonRetryable: false });
    expect(milliseconds(failure.nextRetryDelay)).toBeGreaterThanOrEqual(3000);
    expect(milliseconds(failure.nextRetryDelay)).toBeLessThanOrEqual(3750);
  });

  it('waits at least a second when Migration Hub asks for none', async () => {
    const { importTasks, notify } = activities();
    await importTasks('vm-0');
    emulator().setFaults([{ action: { type: 'throttle', retryAfterSeconds: 0 } }]);
    const failure = await failureOf(notify([itemOf('vm-0')]));
    expect(milliseconds(failure.nextRetryDelay)).toBeGreaterThanOrEqual(1000);
  });

  it.each([
    ['a wait of more than 5 s', 1, 6],
    ['a wait of 5 minutes', 1, 300],
    ['a fourth failed attempt', 4, 1],
  ])('gives %s back to the workflow, which then sends what is newest', async (_, attempt, retryAfterSeconds) => {
    const { importTasks, notify } = activities();
    await importTasks('vm-0');
    emulator().setFaults([{ action: { type: 'throttle', retryAfterSeconds } }]);
    const failure = { type: 'ThrottlingException', message: 'Rate exceeded', retry: 'backoff', retryAfterSeconds };
    expect(await notify([itemOf('vm-0')], { attempt })).toEqual({
      stampedAt: AT,
      others: { 0: { failure, ...(attempt > 1 && { attempts: attempt }) } },
    });
  });

  it.each(['reset', 'apply-then-reset'] as const)('is tried again after a connection that broke (%s)', async (type) => {
    const { importTasks, notify } = activities();
    await importTasks('vm-0');
    emulator().setFaults([{ times: 1, action: { type } }]);
    expect(await failureOf(notify([itemOf('vm-0')]))).toMatchObject({ type: 'NetworkError', nonRetryable: false });
  });

  it('that gets no answer ends by the request timeout and is tried again', async () => {
    const { importTasks, notify } = activities({ requestTimeoutSeconds: 1 });
    await importTasks('vm-0');
    emulator().setFaults([{ action: { type: 'hang' } }]);
    expect(await failureOf(notify([itemOf('vm-0')]))).toMatchObject({ type: 'TimeoutError', nonRetryable: false });
  });

  it('is given back, not tried again, where the notification could no longer be the same to the byte', async () => {
    const { importTasks, notify } = activities();
    await importTasks('vm-0');
    emulator().setFaults([{ action: { type: 'throttle' } }]);
    // The half of its time is over in 6 s.
    const currentAttemptScheduledTimestampMs = (AT + 24) * 1000;
    const { others } = await notify([itemOf('vm-0', { nextUpdateSeconds: 60 })], {
      currentAttemptScheduledTimestampMs,
    });
    expect(others).toMatchObject({ 0: { failure: { type: 'ThrottlingException' } } });
  });
});
