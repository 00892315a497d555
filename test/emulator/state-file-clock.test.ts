import { expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator';
import { admin, emulatorAndClient, json, newStatePath, post } from './support';

const START = 1_800_000_000;
const named = { ProgressUpdateStreamName: 'S' };
const key = { ProgressUpdateStream: 'S', MigrationTaskName: 'a' };
const attributes = { ...key, ResourceAttributeList: [{ Type: 'FQDN', Value: 'a.example' }] };

/** An emulator that goes by a real time of ours, with the stream S and its task a. */
async function withStream(stateFile: string, options: { clock?: () => number; streamDeletionSeconds?: number } = {}) {
  const { hub } = await emulatorAndClient({ stateFile, clock: () => START * 1000, ...options });
  await post(hub, 'CreateProgressUpdateStream', named);
  await post(hub, 'ImportMigrationTask', key);
  return hub;
}

/** The same, ten seconds after S was deleted. */
async function afterDeletion(stateFile: string) {
  const hub = await withStream(stateFile);
  await post(hub, 'DeleteProgressUpdateStream', named);
  hub.clock.advance(10);
  return hub;
}

async function errorOf(hub: Emulator, operation: string, input: object) {
  const response = await post(hub, operation, input);
  return response.status === 200 ? undefined : (await json(response)).__type;
}

/** What an emulator holds that starts with the file of another, which ends. */
async function afterRestart(hub: Emulator, stateFile: string, options = {}) {
  await hub.close();
  const { hub: again } = await emulatorAndClient({ stateFile, clock: () => START * 1000, ...options });
  return again.state();
}

const READS: [string, (hub: Emulator) => unknown][] = [
  ['GET /_mgh/health', (hub) => admin(hub, 'GET', 'health')],
  ['ListProgressUpdateStreams', (hub) => post(hub, 'ListProgressUpdateStreams', {})],
  ['DescribeMigrationTask', (hub) => post(hub, 'DescribeMigrationTask', key)],
  ['a write that is refused', (hub) => post(hub, 'ImportMigrationTask', key)],
];

test.each(READS)('%s forgets no stream: when the clock goes back, it is being deleted again', async (_what, read) => {
  const path = newStatePath();
  const hub = await withStream(path);
  await post(hub, 'DeleteProgressUpdateStream', named);
  await admin(hub, 'POST', 'clock', { advance: 10 });
  await read(hub);
  expect(hub.state()).toMatchObject({ accounts: [{ streams: [], tasks: [] }] });
  await admin(hub, 'POST', 'clock', { resume: true });
  expect(await errorOf(hub, 'CreateProgressUpdateStream', named)).toBe('InvalidInputException');
  const state = hub.state();
  expect(state).toMatchObject({ accounts: [{ streams: [{ name: 'S' }], tasks: [{ name: 'a' }] }] });
  expect(await afterRestart(hub, path)).toEqual(state);
});

test('a stream that was made again under its name stays when the clock goes back, also after a restart', async () => {
  const path = newStatePath();
  const hub = await afterDeletion(path);
  expect(await errorOf(hub, 'CreateProgressUpdateStream', named)).toBeUndefined();
  hub.clock.resume();
  expect(await errorOf(hub, 'ImportMigrationTask', { ...key, MigrationTaskName: 'b' })).toBeUndefined();
  const state = hub.state();
  expect(state).toMatchObject({ accounts: [{ tasks: [{ name: 'b' }] }] });
  expect(await afterRestart(hub, path)).toEqual(state);
});

test('a deleted stream is forgotten with the next stream that is made or deleted', async () => {
  const path = newStatePath();
  const hub = await afterDeletion(path);
  await post(hub, 'CreateProgressUpdateStream', { ProgressUpdateStreamName: 'T' });
  hub.clock.resume();
  const state = hub.state();
  expect(state).toMatchObject({ accounts: [{ streams: [{ name: 'T' }], tasks: [] }] });
  expect(await afterRestart(hub, path)).toEqual(state);
});

test('a snapshot keeps what exists again when the clock goes back', async () => {
  const path = newStatePath();
  const hub = await afterDeletion(path);
  await admin(hub, 'POST', 'snapshot');
  hub.clock.resume();
  expect(await errorOf(hub, 'PutResourceAttributes', attributes)).toBeUndefined();
  const state = hub.state();
  expect(await afterRestart(hub, path)).toEqual(state);
});

test('a call is in the file at the time at which it was carried out, by whatever clock', async () => {
  const path = newStatePath();
  let readings = 0;
  const hub = await withStream(path, { clock: () => (START + readings++) * 1000, streamDeletionSeconds: 1000 });
  await post(hub, 'DeleteProgressUpdateStream', named);
  const state = hub.state();
  expect(await afterRestart(hub, path, { streamDeletionSeconds: 1000 })).toEqual(state);
});
