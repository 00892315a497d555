import { DefaultLogger, type Logger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { createNotifyApplicationState } from '../../src/activities/notify-application-state';
import { watchStandstills } from '../../src/activities/standstill';
import { startEmulator } from '../../src/emulator';
import { createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import type { ApplicationOptions, ApplicationOutcome, ApplicationReport } from '../../src/report';
import { AT, environment, failureOf, milliseconds, useEmulator } from './activities';

const { emulator, onClose, operations } = useEmulator();
const NOTIFY = 'NotifyApplicationState';

function run(
  application: unknown,
  options?: ApplicationOptions | null,
  attempt = 1,
  { url: endpoint } = emulator(),
  logger?: Logger,
): Promise<ApplicationOutcome> {
  const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint, requestTimeoutSeconds: 20 });
  onClose(() => hub.destroy());
  const activity = createNotifyApplicationState(hub, watchStandstills());
  const info = { scheduledTimestampMs: AT * 1000 + 999, attempt };
  const { env } = environment(info, logger);
  return env.run(activity, application as ApplicationReport, options);
}
const id = 'd-application-1';
const sent = () => emulator().requests({ operation: NOTIFY });

describe('a status that is given', () => {
  it('is sent once, with the whole second of the server, and not where Migration Hub has it', async () => {
    expect(await run({ applicationId: id, status: 'IN_PROGRESS' })).toEqual({ status: 'IN_PROGRESS', sent: true });
    expect(await run({ applicationId: id, status: 'IN_PROGRESS' })).toEqual({ status: 'IN_PROGRESS', sent: false });
    expect(sent().map(({ body }) => body)).toEqual([{ ApplicationId: id, Status: 'IN_PROGRESS', UpdateDateTime: AT }]);
  });

  it('with a time of its own, which Temporal has, is sent, and the log names what is ignored', async () => {
    const warnings: string[] = [];
    const logger = new DefaultLogger('WARN', ({ message }) => void warnings.push(message));
    const options = { timeoutSeconds: 30 };
    const application = { applicationId: id, status: 'IN_PROGRESS' };
    expect(await run(application, options, 1, emulator(), logger)).toEqual({ status: 'IN_PROGRESS', sent: true });
    expect(warnings).toEqual(['timeoutSeconds is ignored: there is no such field; the fields are dryRun']);
  });

  it('takes COMPLETED back', async () => {
    await run({ applicationId: id, status: 'COMPLETED' });
    expect(await run({ applicationId: id, status: 'IN_PROGRESS' })).toEqual({ status: 'IN_PROGRESS', sent: true });
  });

  it('is sent again, the same to the byte, when the answer was lost', async () => {
    emulator().setFaults([{ match: { operation: NOTIFY }, times: 1, action: { type: 'reset' } }]);
    const given = { applicationId: id, status: 'COMPLETED' };
    expect(await failureOf(run(given))).toMatchObject({ type: 'NetworkError', nonRetryable: false });
    await run(given, null, 2);
    const [first, second] = sent().map(({ body }) => body);
    expect(second).toEqual(first);
  });

  it('as a dry run is only asked for, also where Migration Hub has it', async () => {
    for (let i = 0; i < 2; i++)
      expect(await run({ applicationId: id, status: 'COMPLETED' }, { dryRun: true })).toEqual({
        status: 'COMPLETED',
        sent: false,
      });
    expect(sent().map(({ error }) => error)).toEqual(['DryRunOperation', 'DryRunOperation']);
    emulator().setFaults([{ match: { operation: NOTIFY }, action: { type: 'access-denied' } }]);
    const denied = await failureOf(run({ applicationId: id, status: 'COMPLETED' }, { dryRun: true }));
    expect(denied).toMatchObject({ type: 'UnauthorizedOperation', nonRetryable: true });
  });
});

describe('what Migration Hub refuses', () => {
  it.each([
    [
      'access-denied',
      'AccessDeniedException',
      true,
      /allow .*mgh:DescribeApplicationState and mgh:NotifyApplicationState on Resource "\*"$/,
    ],
    ['expired-token', 'ExpiredTokenException', false, /credentials/],
    ['internal', 'InternalServerError', false, /./],
  ] as const)('%s: fails with %s (for good: %s), and says what to do', async (type, name, nonRetryable, mend) => {
    emulator().setFaults([{ action: { type } }]);
    const failure = await failureOf(run({ applicationId: id, status: 'COMPLETED' }));
    expect(failure).toMatchObject({ type: name, nonRetryable });
    expect(failure.message).toMatch(mend);
    expect(failure.message).not.toContain('PutResourceAttributes');
    expect(operations()).toEqual(['DescribeApplicationState']);
  });

  it('an application that is not known: for good, with how to find the id', async () => {
    const strict = await startEmulator({ switches: { unknownApplication: 'not-found' } });
    onClose(() => strict.close());
    const failure = await failureOf(run({ applicationId: 'd-application-typo', status: 'COMPLETED' }, null, 1, strict));
    expect(failure).toMatchObject({ type: 'ResourceNotFoundException', nonRetryable: true });
    expect(failure.message).toMatch(/check the id: `aws discovery list-configurations/);
  });

  it('throttled: after the time that Migration Hub asks for', async () => {
    emulator().setFaults([{ match: { operation: NOTIFY }, action: { type: 'throttle', retryAfterSeconds: 40 } }]);
    const failure = await failureOf(run({ applicationId: id, status: 'COMPLETED' }));
    expect(failure).toMatchObject({ type: 'ThrottlingException', nonRetryable: false });
    expect(milliseconds(failure.nextRetryDelay)).toBeGreaterThanOrEqual(40_000);
  });
});

it.each([[null], [{}], [{ applicationId: id }], [{ applicationId: id, status: 'FAILED' }]])(
  'wrong input %j fails for good before anything is asked',
  async (input) => {
    expect(await failureOf(run(input))).toMatchObject({ type: 'InvalidReport', nonRetryable: true });
    expect(operations()).toEqual([]);
  },
);
