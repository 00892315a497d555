import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallOutcome } from '../fixtures/calls-by-name';
import { startHarness, until, type Harness } from './harness';

const schema = JSON.parse(readFileSync(join(__dirname, '../../contract.schema.json'), 'utf8')) as object;
const ajv = new Ajv({ allowUnionTypes: true, strictTuples: false });
ajv.addSchema(schema, 'contract');
/** Why a value does not suit what the contract says. */
const unsuited = (definition: string, value: unknown) => {
  const suits = ajv.getSchema(`contract#/definitions/${definition}`) as ValidateFunction;
  return suits(value) ? null : suits.errors;
};

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
  await h.startHub();
  await h.startUserWorker([], 'by-name', join(__dirname, '../fixtures/calls-by-name.ts'));
});
afterAll(() => h?.close());

let calls = 0;
const call = (activity: string, ...args: unknown[]): Promise<CallOutcome> =>
  h.server.env.client.workflow.execute('callByName', {
    taskQueue: 'by-name',
    workflowId: `call-${++calls}`,
    args: [activity, args],
  });
const ask = (task: string, now: number | null = Math.floor(Date.now() / 1000)) =>
  h.server.env.client.workflow.getHandle(`mgh:Contract:${task}`).query('lastReportedState', task, now);
const taskOf = (migrationTaskName: string) => ({ progressUpdateStream: 'Contract', migrationTaskName });
const reportOf = (migrationTaskName: string, more: object = {}) => ({
  ...taskOf(migrationTaskName),
  status: 'IN_PROGRESS',
  nextUpdateSeconds: 600,
  ...more,
});
const held = (task: string) => h.emulator.tasks().find((each) => each.migrationTaskName === task);

/** All that may be left out, as null. */
const NULLS = {
  statusDetail: null,
  progressPercent: null,
  silenceLimitSeconds: null,
  labels: null,
  resourceAttributes: null,
  owner: null,
  allowDecrease: null,
  reopen: null,
};

describe('a caller in another language', () => {
  it.each<[string, object]>([
    ['nothing that may be left out', {}],
    ['null for all that may be left out, as None and nil are', NULLS],
    [
      'the zeros of a Go struct',
      { statusDetail: '', progressPercent: 0, labels: null, allowDecrease: false, reopen: false },
    ],
    [
      'every field',
      {
        statusDetail: 'Replicating',
        progressPercent: 30,
        labels: { wave: 'wave-1', application: null },
        resourceAttributes: [{ type: 'FQDN', value: 'web-01.example.com' }],
        allowDecrease: true,
        reopen: true,
        silenceLimitSeconds: 3600,
        owner: { ownerId: 'caller', sequence: 1, workflowId: null, startedAt: null },
      },
    ],
  ])('that sends %s reports, awaits the delivery and asks; every answer is as the schema says', async (what, more) => {
    const name = `takes ${what}`.slice(0, 40);
    const report = reportOf(name, more);
    expect(unsuited('reportTaskState.arguments', [report])).toBeNull();
    const { result: key } = (await call('reportTaskState', report)) as {
      result: { ownerId: string; sequence: number };
    };
    expect(unsuited('reportTaskState.result', key)).toBeNull();
    let view: CallOutcome = {};
    await until('the delivery', async () => {
      view = await call('awaitDelivery', taskOf(name), key.ownerId, key.sequence);
      return view.type !== 'NotYetDelivered';
    });
    expect(view).toMatchObject({ result: { lastDelivered: { status: 'IN_PROGRESS' }, freshness: 'fresh' } });
    expect(unsuited('awaitDelivery.result', view.result)).toBeNull();
    let answer: unknown;
    await until('an answer', () =>
      ask(name).then(
        (given) => ((answer = given), true),
        (error: Error) => !error.message.includes('BetweenSteps'),
      ),
    );
    expect(answer).toMatchObject({ migrationTaskName: name, lastDelivered: { status: 'IN_PROGRESS' } });
    expect(unsuited('lastReportedState.result', answer)).toBeNull();
    expect(held(name)).toMatchObject({ status: 'IN_PROGRESS', nextUpdateSeconds: 600 });
  });

  it.each<[unknown[], string]>([
    [[], 'report is undefined, but it must be an object'],
    [['Contract', 'wrong', 'COMPLETED'], 'report is "Contract", but it must be an object'],
    [
      [{ progress_update_stream: 'Contract', migration_task_name: 'wrong', status: 'COMPLETED' }],
      'progress_update_stream is "Contract", but there is no such field: did you mean progressUpdateStream?',
    ],
    [[reportOf('wrong', { nextUpdateSeconds: 0 })], 'leave it out (in Go: omitempty) where there is none'],
    [
      [reportOf('wrong', { owner: { ownerId: '', sequence: 0 } })],
      'leave it out (in Go: omitempty) where there is none',
    ],
    [
      [reportOf('wrong', { status: '' })],
      'status is "", but it must be one of NOT_STARTED, IN_PROGRESS, FAILED, COMPLETED',
    ],
  ])('whose report is wrong fails at once as InvalidReport, not to be retried: %j', async (args, why) => {
    const outcome = await call('reportTaskState', ...args);
    expect(outcome).toMatchObject({ type: 'InvalidReport', nonRetryable: true });
    expect(outcome.message).toContain(why);
    expect(unsuited('reportTaskState.arguments', args)).not.toBeNull();
  });

  it.each<[unknown[], string]>([
    [[], 'progressUpdateStream is undefined, but it must be a string'],
    [[null, 'x', 1], 'progressUpdateStream is undefined, but it must be a string'],
    [[taskOf('t'), { ownerId: 'x', sequence: 1 }], 'ownerId is {"ownerId":"x","sequence":1}, but it must be a string'],
    [[taskOf('t'), '', 1], 'ownerId is "", but it must have 1 to 1000 characters (has 0)'],
    [[taskOf('t'), 'x', 0], 'sequence is 0, but it must be an integer from 1'],
    [[taskOf('t'), 'x', '1'], 'sequence is "1", but it must be an integer from 1'],
    [
      [{ progress_update_stream: 'Contract', migration_task_name: 't' }, 'x', 1],
      'progress_update_stream is "Contract", but there is no such field: did you mean progressUpdateStream?',
    ],
  ])(
    'that awaits a delivery with wrong arguments is told so at once, instead of waiting for ever: %j',
    async (args, why) => {
      expect(await call('awaitDelivery', ...args)).toEqual({ type: 'InvalidReport', nonRetryable: true, message: why });
      expect(unsuited('awaitDelivery.arguments', args)).not.toBeNull();
    },
  );

  it('that awaits a report which nobody made, or one that is refused, gets the types that the contract names', async () => {
    expect(await call('awaitDelivery', taskOf('nobody'), 'x', 1)).toMatchObject({
      type: 'NotYetDelivered',
      nonRetryable: false,
    });
    const owner = (sequence: number) => ({ ownerId: 'script', sequence });
    await call('reportTaskState', reportOf('ended', { status: 'COMPLETED', owner: owner(1) }));
    await until('the end', () => held('ended')?.status === 'COMPLETED');
    await call('reportTaskState', reportOf('ended', { owner: owner(2) }));
    await until(
      'the refusal',
      async () => (await call('awaitDelivery', taskOf('ended'), 'script', 2)).type === 'ReportRefused',
    );
    expect(await call('awaitDelivery', taskOf('ended'), 'script', 2)).toMatchObject({ nonRetryable: true });
    expect(held('ended')?.status).toBe('COMPLETED');
  });
});

it('the state of an application: sent, there already, without tasks, and wrong', async () => {
  const application = { applicationId: 'd-application-1', status: 'IN_PROGRESS', progressUpdateStream: null };
  expect(unsuited('notifyApplicationState.arguments', [application, null])).toBeNull();
  const outcomes = [];
  for (let i = 0; i < 2; i++) outcomes.push((await call('notifyApplicationState', application, null)).result);
  expect(outcomes).toEqual([
    { status: 'IN_PROGRESS', sent: true },
    { status: 'IN_PROGRESS', sent: false },
  ]);
  for (const outcome of outcomes) expect(unsuited('notifyApplicationState.result', outcome)).toBeNull();
  const unlabelled = { applicationId: 'd-application-2', progressUpdateStream: 'Contract', application: 'nobody' };
  expect(await call('notifyApplicationState', unlabelled)).toMatchObject({ type: 'NoTasks', nonRetryable: true });
  expect(await call('notifyApplicationState', { applicationId: '' })).toMatchObject({
    type: 'InvalidReport',
    nonRetryable: true,
    message: 'applicationId is "", but it must have 1 to 1600 characters (has 0)',
  });
});

it('a workflow that completes without reporting an end: its heartbeats end, and the query says why', async () => {
  const start = { taskQueue: 'by-name', workflowId: 'forgets', args: ['forgotten'] };
  await h.server.env.client.workflow.execute('endsWithout', start);
  const abandoned = async () =>
    ((await ask('forgotten').catch(() => undefined)) as { abandoned?: { reason: string } })?.abandoned;
  await until('it is known', async () => (await abandoned()) !== undefined);
  expect((await abandoned())?.reason).toContain('its owner forgets completed without reporting an end');
  expect(held('forgotten')?.status).toBe('IN_PROGRESS');
});
