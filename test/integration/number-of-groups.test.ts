import { expect, it } from 'vitest';
import type { MigrationHubClient } from '../../src';
import { GROUPS_HOLD_AFTER_SECONDS } from '../../src/report';
import { groupsOfFile, inProgress, namesOf } from './groups';
import { until } from './harness';
import { journalOf } from './journal';
import { tasksOf } from './listed';

const groups = groupsOfFile();

it('a client with one number of groups and a worker with another make one writer of each task, from an empty namespace on', async () => {
  await groups.h.startHub({ groups: { Two: 3 } });
  await groups.h.startUserWorker();
  const client = groups.clientOf(0);
  const names = namesOf('vm', 6);
  await Promise.all(names.map((name) => client.report(inProgress('Two', name, 10))));
  await Promise.all(names.map((name) => groups.migrate('Two', name, [20, 30])));
  const inTurn = async (by: MigrationHubClient, name: string) =>
    by.waitForDelivery(await by.report(inProgress('Two', name, 40)));
  await Promise.all(names.map((name) => inTurn(client, name)));
  // New tasks that both report at once, while the worker's number comes to hold.
  const more = namesOf('late', 24);
  const another = groups.clientOf(0);
  const begun = Date.now();
  for (let i = 0; i < more.length; i += 2) {
    const two = more.slice(i, i + 2);
    const byClients = [client, another].flatMap((by) => two.map((name) => by.report(inProgress('Two', name, 20))));
    await Promise.all([...byClients, ...two.map((name) => groups.migrate('Two', name, [30]))]);
    const next = begun + ((i + 2) / more.length) * (GROUPS_HOLD_AFTER_SECONDS + 5) * 1000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())));
  }
  expect(new Set([...(await groups.holdersOf('Two')).values()].flat().map((id) => id.split(':')[0]))).toEqual(
    new Set(['mgh', 'mgh-group']),
  );
  await Promise.all([...names, ...more].map((name) => inTurn(another, name)));
  await groups.expectOneHolder('Two', [...names, ...more]);
  for (const name of [...names, ...more]) {
    journalOf(groups.h.emulator, 'Two', name).expectOneWriter(40);
    expect(await another.lastReportedState('Two', name)).toMatchObject({ lastDelivered: { progressPercent: 40 } });
  }
});

it('several clients and the worker that meet a new stream at once agree on its number of groups', async () => {
  await groups.h.startHub();
  const clients = [2, 5, undefined, 7].map((each) => groups.clientOf(each));
  const names = namesOf('vm', 8);
  await Promise.all(names.flatMap((name) => clients.map((client) => client.report(inProgress('First', name, 10)))));
  await until('all tasks', async () => (await tasksOf(groups.clientOf(), 'First')).length === 8);
  await groups.expectOneHolder('First', names);
});
