import { expect, it } from 'vitest';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { GROUPS_HOLD_AFTER_SECONDS } from '../../src/report';
import { groupsOfFile, inProgress, namesOf } from './groups';
import { logged } from './harness';
import { journalOf } from './journal';
import { tasksOf } from './listed';

const groups = groupsOfFile();

it('a worker restarted with another number keeps open tasks where they are, sends new ones to the new groups, and says so in one line', async () => {
  await groups.h.startUserWorker();
  const first = await groups.h.startHub({ groups: { Changed: 2 }, heartbeat: { lingerSeconds: 0 } });
  const old = namesOf('old', 6);
  await Promise.all(old.map((name) => groups.migrate('Changed', name, [10])));
  await first.stop();
  logged.length = 0;
  await groups.h.startHub({ groups: { Changed: 5 }, heartbeat: { lingerSeconds: 0 } });
  expect(logged.filter((line) => line.includes('groups'))).toEqual([
    'the stream Changed has 2 groups, and groups is 5 in this worker: it changes the stream at the first report that it gets. New tasks use 5 groups from 30 s after that; the others stay in their groups until they end',
  ]);

  await Promise.all(old.map((name) => groups.migrate('Changed', name, [40])));
  await new Promise((resolve) => setTimeout(resolve, (GROUPS_HOLD_AFTER_SECONDS + 1) * 1000));
  const added = namesOf('new', 6);
  await Promise.all([...old, ...added].map((name) => groups.migrate('Changed', name, [50])));
  const idOf = (name: string, groups: number) =>
    heartbeatWorkflowId({ progressUpdateStream: 'Changed', migrationTaskName: name }, groups);
  await groups.expectOneHolder('Changed', [...old, ...added]);
  const holders = await groups.holdersOf('Changed');
  for (const name of old) expect(holders.get(name)).toEqual([idOf(name, 2)]);
  for (const name of added) expect(holders.get(name)).toEqual([idOf(name, 5)]);
  const reader = groups.clientOf();
  const states = await tasksOf(reader, 'Changed');
  expect(states.map(({ migrationTaskName }) => migrationTaskName).sort()).toEqual([...added, ...old].sort());
  for (const name of [...old, ...added]) {
    expect(await reader.lastReportedState('Changed', name)).toMatchObject({ lastDelivered: { progressPercent: 50 } });
    journalOf(groups.h.emulator, 'Changed', name).expectOneWriter(50);
  }

  // To their end: then nobody holds them there any more.
  expect(await Promise.all(old.map((name) => groups.migrate('Changed', name, [60], true)))).toEqual(
    Array(6).fill('COMPLETED 100'),
  );
  for (const id of new Set(old.map((name) => idOf(name, 2)))) await groups.temporal.workflow.getHandle(id).result();
  for (const name of old)
    expect(await reader.lastReportedState('Changed', name)).toMatchObject({ lastDelivered: { status: 'COMPLETED' } });
});

it('after a change of the number a late report of the run that ended a task is refused, and reports need no worker', async () => {
  await groups.h.startUserWorker();
  const first = await groups.h.startHub({ groups: { Later: 1 }, heartbeat: { lingerSeconds: 0 } });
  const ended = { progressUpdateStream: 'Later', migrationTaskName: 'ended' };
  const byRun = (sequence: number) => ({ ownerId: 'r1', workflowId: 'w', runId: 'r1', attempt: 'r1/1', sequence });
  const end = await groups.clientOf(1).report({ ...ended, status: 'COMPLETED', progressPercent: 100, owner: byRun(1) });
  await groups.clientOf().waitForDelivery(end);
  await groups.temporal.workflow.getHandle(heartbeatWorkflowId(ended, 1)).result();
  await groups.migrate('Later', 'open', [10]);
  await first.stop();
  const second = await groups.h.startHub({ groups: { Later: 3 } });
  await groups.migrate('Later', 'open', [20]);
  await new Promise((resolve) => setTimeout(resolve, (GROUPS_HOLD_AFTER_SECONDS + 1) * 1000));
  const late = await groups.clientOf().report({ ...inProgress('Later', 'ended', 50), owner: byRun(2) });
  await expect(groups.clientOf().waitForDelivery(late)).rejects.toThrow(/already holds COMPLETED/);

  await second.stop();
  // The group of the earlier number is asked whether it holds the task: nobody answers, so its history tells.
  const report = await groups.clientOf().report(inProgress('Later', 'open', 30));
  await groups.h.startHub({ groups: { Later: 3 } });
  expect(await groups.clientOf().waitForDelivery(report)).toMatchObject({ lastDelivered: { progressPercent: 30 } });
  await groups.expectOneHolder('Later', ['ended', 'open']);
});
