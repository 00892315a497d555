import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient, type TaskReport } from '../../src';
import { startHarness, until, type Harness } from './harness';
import { statesTold } from './journal';
import { tasksOf } from './listed';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
  await h.startHub();
});
afterAll(() => h?.close());

const hubOf = (options = {}) => new MigrationHubClient({ client: h.server.env.client, ...options });
const deliver = async (hub: MigrationHubClient, report: TaskReport) => hub.waitForDelivery(await hub.report(report));

describe.each<[string, { groups?: number; heartbeat?: { lingerSeconds: number } }]>([
  ['a task with a heartbeat workflow of its own', {}],
  ['one of a shared group', { groups: 2 }],
  ['one whose heartbeat workflow has ended', { heartbeat: { lingerSeconds: 0 } }],
])('%s', (_form, options) => {
  const stream = `Reopened-${Object.keys(options).join()}`;
  const taskOf = (migrationTaskName: string) => ({ progressUpdateStream: stream, migrationTaskName });

  it.each(['COMPLETED', 'FAILED'] as const)('that is %s begins a new attempt, and keeps its labels', async (status) => {
    const hub = hubOf(options);
    const task = taskOf(`vm-${stream}-${status}`);
    const end = { ...task, status, progressPercent: 90, labels: { wave: '7', by: 'x' } };
    await deliver(hub, end);
    if (options.heartbeat)
      await h.server.env.client.workflow.getHandle(`mgh:${stream}:${task.migrationTaskName}`).result();
    const reopened = await hub.reopen({
      ...task,
      progressPercent: 5,
      statusDetail: 'Once more',
      labels: { by: 'ops' },
    });
    expect(await hub.waitForDelivery(reopened)).toMatchObject({
      freshness: 'fresh',
      lastDelivered: { status: 'IN_PROGRESS', progressPercent: 5, statusDetail: 'Once more' },
      labels: { wave: '7', by: 'ops' },
    });
    expect(statesTold(h.emulator, task.migrationTaskName)).toEqual([`${status} 90`, 'IN_PROGRESS 5']);
    // The attempt goes on like any other.
    await expect(hub.reopen(task)).rejects.toMatchObject({
      name: 'ReopenRefusedError',
      message: `${stream}/${task.migrationTaskName} cannot be reopened: it is IN_PROGRESS, and not at its end: use report, which goes on with its attempt`,
    });
    await deliver(hub, { ...task, status: 'COMPLETED' });
    await until('its labels to be listed', async () =>
      (await tasksOf(hub, stream)).some(
        ({ migrationTaskName: name, labels, freshness }) =>
          name === task.migrationTaskName && freshness === 'terminal' && labels['wave'] === '7',
      ),
    );
  });

  it('may begin as NOT_STARTED', async () => {
    const hub = hubOf(options);
    const task = taskOf(`later-${stream}`);
    await deliver(hub, { ...task, status: 'COMPLETED' });
    expect(await hub.waitForDelivery(await hub.reopen({ ...task, status: 'NOT_STARTED' }))).toMatchObject({
      lastDelivered: { status: 'NOT_STARTED' },
    });
  });

  it('that nobody has reported is an error that names it', async () => {
    const { namespace } = h.server.env.client.options;
    await expect(hubOf(options).reopen(taskOf('nobody'))).rejects.toMatchObject({
      name: 'ReopenRefusedError',
      message: `${stream}/nobody cannot be reopened: nobody has reported it to namespace ${namespace} within its retention: use report`,
    });
  });
});

it('an end that Migration Hub does not have yet is sent before the attempt that follows', async () => {
  const hub = hubOf();
  const task = { progressUpdateStream: 'ReopenedEarly', migrationTaskName: 'waits' };
  await deliver(hub, { ...task, status: 'IN_PROGRESS', progressPercent: 10 });
  h.emulator.setFaults([{ match: { task: 'waits' }, action: { type: 'throttle', retryAfterSeconds: 2 } }]);
  await hub.report({ ...task, status: 'FAILED', progressPercent: 20 });
  const reopened = await hub.reopen({ ...task, progressPercent: 1 });
  expect(await hub.lastReportedState(task.progressUpdateStream, 'waits')).toMatchObject({
    pending: { status: 'FAILED' },
    nextAttempt: { status: 'IN_PROGRESS', progressPercent: 1 },
  });
  h.emulator.clearFaults();
  await hub.waitForDelivery(reopened);
  expect([...new Set(statesTold(h.emulator, 'waits'))]).toEqual(['IN_PROGRESS 10', 'FAILED 20', 'IN_PROGRESS 1']);
});
