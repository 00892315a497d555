import { expect, test } from 'vitest';
import { emulatorAndClient, failure, importTask, notify, post } from './support';

/** The samples of the metrics route: name with labels, value. */
async function samples(hub: { url: string }) {
  const response = await fetch(`${hub.url}/_mgh/metrics`);
  const text = await response.text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const values = new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  return {
    contentType: response.headers.get('content-type'),
    text,
    value: (name: string) => values.get(`migration_hub_emulator_${name}`),
  };
}

test('calls are counted by operation and answer, and faults by what they were', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  await notify(client);
  await notify(client);
  await failure(notify(client, { MigrationTaskName: 'server-2' }));
  hub.setFaults([{ action: { type: 'html-503' }, times: 1 }, { action: { type: 'reset' } }]);
  await failure(notify(client));
  await failure(notify(client));
  const { value, contentType } = await samples(hub);
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  const answered = (answer: string) => value(`requests_total{operation="NotifyMigrationTaskState",answer="${answer}"}`);
  expect(['ok', 'ResourceNotFoundException', '503', 'none'].map(answered)).toEqual([2, 1, 1, 1]);
  expect(value('requests_total{operation="ImportMigrationTask",answer="ok"}')).toBe(1);
  expect([value('faults_total{fault="html-503"}'), value('faults_total{fault="reset"}')]).toEqual([1, 1]);
});

test('operations that callers make up are one row', async () => {
  const { hub } = await emulatorAndClient();
  for (const made of ['Fly', 'Swim"\n', 'Other.GetHomeRegion']) await post(hub, encodeURIComponent(made), {});
  await post(hub, 'ListMigrationTasks', 'x'.repeat(1024 * 1024 + 1));
  const { value, text } = await samples(hub);
  expect(value('requests_total{operation="unknown",answer="UnknownOperationException"}')).toBe(3);
  expect(value('requests_total{operation="ListMigrationTasks",answer="RequestEntityTooLargeException"}')).toBe(1);
  expect(text).not.toMatch(/Fly|Swim|Other/);
});

test('tasks are told by status, with those that are stale and for how long', async () => {
  const { hub, client } = await emulatorAndClient();
  hub.clock.freeze();
  hub.clock.set(1_800_000_000);
  for (const name of ['a', 'b', 'c', 'd']) await importTask(client, name);
  const at = { UpdateDateTime: new Date(1_800_000_000_000), NextUpdateSeconds: 60 };
  await notify(client, { MigrationTaskName: 'a', ...at });
  await notify(client, { MigrationTaskName: 'b', ...at });
  await notify(client, { MigrationTaskName: 'c', ...at, Task: { Status: 'COMPLETED' } });
  hub.clock.advance(100);
  for (let scrape = 0; scrape < 2; scrape++) {
    const { value } = await samples(hub);
    const tasks = (status: string) => value(`tasks{status="${status}"}`);
    expect([tasks('IN_PROGRESS'), tasks('COMPLETED'), tasks('NONE')]).toEqual([2, 1, 1]);
    expect([value('stale_tasks'), value('stale_seconds_total')]).toEqual([2, 80]);
  }
});

test('the margin of a notification is what was left of the deadline before it; the first one has none', async () => {
  const { hub, client } = await emulatorAndClient();
  hub.clock.freeze();
  hub.clock.set(1_800_000_000);
  await importTask(client);
  const send = (status: 'IN_PROGRESS' | 'COMPLETED' = 'IN_PROGRESS') =>
    notify(client, {
      UpdateDateTime: new Date(hub.clock.now() * 1000),
      NextUpdateSeconds: 60,
      Task: { Status: status },
    });
  await send();
  hub.clock.advance(55);
  await send(); // 5 seconds were left
  hub.clock.advance(80);
  await send('COMPLETED'); // 20 seconds too late
  hub.clock.advance(80);
  await send(); // after an end there is no deadline
  await failure(notify(client, { NextUpdateSeconds: -1 }));
  const { value } = await samples(hub);
  const margin = (le: string) => value(`notification_margin_seconds_bucket{le="${le}"}`);
  expect(['-60', '-10', '0', '1', '10', '+Inf'].map(margin)).toEqual([0, 1, 1, 1, 2, 2]);
  expect(value('notification_margin_seconds_sum')).toBe(-15);
});

test('two emulators count apart, and reset starts the counters anew', async () => {
  const [{ hub: one }, { hub: other }] = [await emulatorAndClient({ journalSize: 1 }), await emulatorAndClient()];
  await post(one, 'ListMigrationTasks', {});
  await post(one, 'ListMigrationTasks', {});
  const listed = 'requests_total{operation="ListMigrationTasks",answer="ok"}';
  const { value } = await samples(one);
  expect([value(listed), value('journal_dropped_requests_total')]).toEqual([2, 1]);
  expect((await samples(other)).value(listed)).toBeUndefined();
  one.reset();
  expect((await samples(one)).value(listed)).toBeUndefined();
});
