import { describe, expect, it } from 'vitest';
import { environment, failureOf, milliseconds, NOTIFY, notification, useEmulator } from './activities';

const { emulator, activities, sentTo } = useEmulator();

describe('a single notification', () => {
  it('registers its task once and sends again', async () => {
    const { notifyTaskState } = activities();
    await environment().env.run(notifyTaskState, notification('vm-0', { status: 'COMPLETED', progressPercent: 100 }));
    expect(emulator().tasks()).toMatchObject([{ status: 'COMPLETED', progressPercent: 100, notifications: 1 }]);
    expect(sentTo()).toHaveLength(2);
  });

  it('with dryRun asks only for permission: nothing is stored', async () => {
    const { importTasks, notifyTaskState } = activities();
    await importTasks('vm-0');
    await environment().env.run(notifyTaskState, notification('vm-0'), { dryRun: true });
    expect(emulator().requests({ operation: NOTIFY })).toMatchObject([
      { error: 'DryRunOperation', body: { DryRun: true } },
    ]);
    expect(emulator().tasks()).toMatchObject([{ status: null, notifications: 0 }]);
  });

  it('as a dry run that is not permitted fails for good with UnauthorizedOperation', async () => {
    const { notifyTaskState } = activities();
    emulator().setFaults([{ action: { type: 'access-denied' } }]);
    const failure = await failureOf(environment().env.run(notifyTaskState, notification('vm-0'), { dryRun: true }));
    expect(failure).toMatchObject({ type: 'UnauthorizedOperation', nonRetryable: true });
    expect(sentTo()).toHaveLength(1);
  });

  it('that is throttled is tried again no earlier than RetryAfterSeconds, from the header too', async () => {
    const { notifyTaskState } = activities();
    for (const [httpStatus, retryAfterIn] of [[400, 'body'] as const, [429, 'header'] as const]) {
      emulator().setFaults([{ action: { type: 'throttle', retryAfterSeconds: 40, httpStatus, retryAfterIn } }]);
      const failure = await failureOf(environment().env.run(notifyTaskState, notification('vm-0')));
      expect(failure).toMatchObject({ type: 'ThrottlingException', nonRetryable: false });
      expect(milliseconds(failure.nextRetryDelay)).toBeGreaterThanOrEqual(40_000);
    }
  });

  it.each([
    ['access-denied', 'AccessDeniedException', true],
    ['home-region-not-set', 'HomeRegionNotSetException', true],
    ['expired-token', 'ExpiredTokenException', false],
    ['internal', 'InternalServerError', false],
    ['service-unavailable', 'ServiceUnavailableException', false],
    ['html-503', 'ServiceUnavailableException', false],
    ['reset', 'NetworkError', false],
  ] as const)('that meets %s fails with %s (for good: %s)', async (type, name, nonRetryable) => {
    const { notifyTaskState } = activities();
    emulator().setFaults([{ action: { type } }]);
    const failure = await failureOf(environment().env.run(notifyTaskState, notification('vm-0')));
    expect(failure).toMatchObject({ type: name, nonRetryable });
    // One attempt: retries belong to Temporal alone.
    expect(sentTo()).toHaveLength(1);
  });

  it('ends by its own timeout when Migration Hub never answers, and may be retried', async () => {
    const { notifyTaskState } = activities({ requestTimeoutSeconds: 1 });
    emulator().setFaults([{ action: { type: 'hang' } }]);
    const failure = await failureOf(environment().env.run(notifyTaskState, notification('vm-0')));
    expect(failure).toMatchObject({ type: 'TimeoutError', nonRetryable: false });
  });
});
