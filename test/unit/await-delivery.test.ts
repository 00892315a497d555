import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { createAwaitDelivery } from '../../src/activities/report-task-state';
import { GroupRoutes } from '../../src/client/group-routes';
import { groupsSetting } from '../../src/client/settings';
import { fakeTemporal } from './fake-temporal';

const task = { progressUpdateStream: 'S', migrationTaskName: 'vm-1' };
const wait = ({ client }: ReturnType<typeof fakeTemporal>) => {
  const awaitDelivery = createAwaitDelivery(new GroupRoutes(groupsSetting(5), true));
  return new MockActivityEnvironment({}, { client }).run(() => awaitDelivery(task, 'run', 1));
};

it('a delivery is found where the task is held, in an earlier number of groups or the newest', async () => {
  for (const id of ['mgh-group:S:1:0', 'mgh:S:vm-1'])
    expect(await wait(fakeTemporal({ S: [0, 1, 5] }, { [id]: ['vm-1'] }))).toMatchObject({ migrationTaskName: 'vm-1' });
});

it('a delivery is found also where the heartbeat workflow has ended since, and the stream has another number of groups', async () => {
  const temporal = fakeTemporal({ S: [1, 5] }, { 'mgh-group:S:1:0': ['vm-1'] });
  temporal.ended.add('mgh-group:S:1:0');
  expect(await wait(temporal)).toMatchObject({ migrationTaskName: 'vm-1' });
});

it('a task that nobody holds yet is waited for, without making anything', async () => {
  const temporal = fakeTemporal();
  await expect(wait(temporal)).rejects.toMatchObject({ type: 'NotYetDelivered', nonRetryable: false });
  expect(temporal.start).not.toHaveBeenCalled();
});
