import { expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/index';
import { Journal } from '../../src/emulator/journal/journal';
import { admin, emulatorAndClient, entryAt, post } from './support';

test('the journal keeps as many requests as asked, the last ones, and counts the others', async () => {
  const { hub } = await emulatorAndClient({ journalSize: 2 });
  for (const MaxResults of [1, 2, 3]) await post(hub, 'ListMigrationTasks', { MaxResults });
  expect(hub.requests().map(({ body }) => body)).toEqual([{ MaxResults: 2 }, { MaxResults: 3 }]);
  expect(await admin(hub, 'GET', 'health')).toMatchObject([200, { requests: 2, droppedRequests: 1 }]);
  const response = await fetch(`${hub.url}/_mgh/requests`);
  expect(response.headers.get('x-mgh-dropped-requests')).toBe('1');
});

test.each([0, 1.5, -1, 10_000_001, NaN])('a journal of %d requests is refused by name', async (journalSize) => {
  await expect(startEmulator({ journalSize })).rejects.toThrow(/^journalSize must be an integer from 1 to 10000000/);
});

test('a long body is cut, and said to be; names too', async () => {
  const { hub } = await emulatorAndClient();
  const whole = JSON.stringify({ MigrationTaskName: 'x'.repeat(16_000) });
  const long = JSON.stringify({ MigrationTaskName: 'x'.repeat(100_000) });
  await post(hub, 'ImportMigrationTask', whole);
  await post(hub, 'ImportMigrationTask', long);
  expect(hub.requests()).toMatchObject([
    { bodyCut: false, body: JSON.parse(whole) as object, migrationTaskName: 'x'.repeat(300) },
    { bodyCut: true, body: long.slice(0, 16_384), migrationTaskName: 'x'.repeat(300) },
  ]);
});

test('bodies of all requests together are bounded, however many requests may be kept', () => {
  const journal = new Journal(1_000_000);
  for (let at = 0; at < 5000; at++) journal.add(entryAt(at), 'x'.repeat(16_384));
  expect([journal.size, journal.dropped]).toEqual([2048, 2952]);
  expect(journal.entries().map(({ at }) => at)).toEqual(Array.from({ length: 2048 }, (_, i) => 2952 + i));
});

test('a journal that was reset starts anew', () => {
  const journal = new Journal(2);
  for (let at = 1; at <= 5; at++) journal.add(entryAt(at), '');
  journal.reset();
  journal.add(entryAt(6), '');
  expect([journal.entries().map(({ at }) => at), journal.dropped]).toEqual([[6], 0]);
});
