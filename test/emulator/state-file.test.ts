import { appendFileSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startEmulator } from '../../src/emulator';
import { admin, emulatorAndClient, failure, importTask, newStatePath, notify, post, STREAM } from './support';

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** A file with a header and three calls, closed. */
async function written(path = newStatePath()) {
  const { hub, client } = await emulatorAndClient({ stateFile: path });
  hub.clock.freeze();
  hub.clock.set(1_800_000_000);
  await importTask(client);
  await notify(client, { UpdateDateTime: new Date(1_800_000_000_000), NextUpdateSeconds: 60 });
  hub.clock.advance(100);
  const tasks = hub.tasks();
  await hub.close();
  return { path, tasks };
}

/** Why an emulator does not start with the file. */
const refusal = (path: string) => failure(startEmulator({ stateFile: path }));

test('what was written is there again, at the times at which it happened', async () => {
  const { path, tasks } = await written();
  const { hub } = await emulatorAndClient({ stateFile: path, clock: () => 1_800_000_100_000 });
  expect(hub.tasks()).toEqual(tasks);
  expect(hub.tasks()).toMatchObject([{ stale: true, staleSeconds: 40, notifications: 1 }]);
});

test('the file is a header and a line for each call that was carried out and may have changed something', async () => {
  const path = newStatePath();
  const { hub, client } = await emulatorAndClient({ stateFile: path });
  hub.clock.freeze();
  hub.clock.set(1_800_000_000);
  await importTask(client);
  await post(hub, 'ListMigrationTasks', {});
  await failure(notify(client, { DryRun: true }));
  await failure(notify(client, { MigrationTaskName: 'nobody' }));
  const key = { ProgressUpdateStream: STREAM, MigrationTaskName: 'server-1' };
  const call = (operation: string, input: object) => {
    return {
      at: 1_800_000_000,
      call: { service: 'AWSMigrationHub', operation, input, account: '123456789012', region: 'us-west-2' },
    };
  };
  expect(linesOf(path)).toEqual([
    {
      format: 'migration-hub-emulator',
      version: 1,
      settings: expect.objectContaining({ homeRegion: 'us-west-2', reimport: 'keep' }) as object,
    },
    call('CreateProgressUpdateStream', { ProgressUpdateStreamName: STREAM }),
    call('ImportMigrationTask', key),
  ]);
});

test('work whose answer is lost is in the file', async () => {
  const path = newStatePath();
  const { hub, client } = await emulatorAndClient({ stateFile: path });
  await importTask(client);
  hub.setFaults([{ action: { type: 'apply-then-reset' }, times: 1 }, { action: { type: 'truncate' } }]);
  await failure(notify(client));
  await failure(notify(client));
  expect(linesOf(path)).toHaveLength(5);
});

test('reset, seed and snapshot are in the file before they are answered, as whole states', async () => {
  const path = newStatePath();
  const { hub, client } = await emulatorAndClient({ stateFile: path });
  await importTask(client);
  const [, state] = await admin(hub, 'POST', 'snapshot');
  expect(linesOf(path).at(-1)).toEqual({ state });
  await admin(hub, 'POST', 'reset');
  expect(linesOf(path).at(-1)).toEqual({ state: { accounts: [] } });
  await admin(hub, 'POST', 'seed', state);
  await importTask(client, 'server-2');
  await hub.close();
  const { hub: again } = await emulatorAndClient({ stateFile: path });
  expect(again.tasks().map((task) => task.migrationTaskName)).toEqual(['server-1', 'server-2']);
});

test('a last line that was torn is cut off, and the file goes on', async () => {
  const { path } = await written();
  const whole = readFileSync(path, 'utf8');
  for (const torn of ['{"at":18', '{"at":1,"call":{"service":"a","operation":"b","input":{}}}', '\0\0\0\0']) {
    writeFileSync(path, whole + torn);
    const { hub } = await emulatorAndClient({ stateFile: path });
    expect(readFileSync(path, 'utf8')).toBe(whole);
    expect(hub.tasks()).toMatchObject([{ notifications: 1 }]);
    await hub.close();
  }
  truncateSync(path, Buffer.byteLength(whole) - 3);
  const { hub, client } = await emulatorAndClient({ stateFile: path });
  expect(hub.tasks()).toMatchObject([{ notifications: 0 }]);
  await notify(client);
  await hub.close();
  expect(linesOf(path)).toHaveLength(4);
});

test.each([
  ['no JSON', '{"at":18\n', 'line 5: it is damaged ('],
  ['nothing', '\n', 'line 5: it is damaged ('],
  ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22, 0x0a]), 'line 5: it is damaged ('],
  ['a line of another kind', '{"at":1,"cal":{}}\n', 'line 5: it is damaged (call is required'],
  ['a call without a time', '{"call":{"service":"a","operation":"b","input":{}}}\n', 'line 5: it is damaged (at is'],
  ['a state that is none', '{"state":{"accounts":5}}\n', 'line 5: it cannot be carried out ('],
  [
    'a call that is refused',
    '{"at":1,"call":{"service":"AWSMigrationHub","operation":"Fly","input":{}}}\n',
    'line 5: it cannot be carried out (AWSMigrationHub.Fly is not a known operation',
  ],
])('a file with %s is refused: file, line and mend are named, and it stays as it is', async (_what, line, said) => {
  const { path } = await written();
  appendFileSync(path, line);
  appendFileSync(path, '{"state":{"accounts":[]}}\n');
  const before = readFileSync(path);
  const { message, name } = await refusal(path);
  expect(message.startsWith(`${path}, ${said}`), message).toBe(true);
  expect(message).toMatch(/: restore the file, or use another$/);
  expect([name, readFileSync(path)]).toEqual(['SettingError', before]);
});

test.each([
  [
    'another version',
    { format: 'migration-hub-emulator', version: 2, settings: {} },
    /^it has version 2, .* version 1: /,
  ],
  ['another format', { format: 'diary', version: 1 }, /^it is not a state file of this emulator: use another file$/],
])('a file of %s is refused', async (_what, header, said) => {
  const path = newStatePath();
  writeFileSync(path, `${JSON.stringify(header)}\n`);
  const { message } = await refusal(path);
  expect(message.startsWith(`${path}, line 1: `)).toBe(true);
  expect(message.slice(`${path}, line 1: `.length)).toMatch(said);
});

test('a file that is somebody else’s is refused, with or without lines', async () => {
  const path = newStatePath();
  for (const content of ['name,status', 'name,status\nserver-1,done\n']) {
    writeFileSync(path, content);
    expect((await refusal(path)).message).toBe(
      `${path}, line 1: it is not a state file of this emulator: use another file`,
    );
    expect(readFileSync(path, 'utf8')).toBe(content);
  }
});

test('an empty file is taken for a new one', async () => {
  const path = newStatePath();
  writeFileSync(path, '');
  await written(path);
  expect(linesOf(path)).toHaveLength(4);
});

test('other settings than those it was written under are refused by name', async () => {
  const { path } = await written();
  const { message } = await failure(startEmulator({ stateFile: path, homeRegion: 'eu-west-1' }));
  expect(message).toContain(`${path}, line 1: homeRegion was "us-west-2" when it was written, and is "eu-west-1" now`);
});

test('a directory that is not there is named', async () => {
  const path = join(newStatePath(), 'hub.jsonl');
  expect((await refusal(path)).message).toMatch(
    /^The directory .*hub\.jsonl of the state file does not exist: make it$/,
  );
});

test('only one emulator at a time uses a file, under whatever name', async () => {
  const path = newStatePath();
  const { hub } = await emulatorAndClient({ stateFile: path });
  const link = `${path}.link`;
  symlinkSync(path, link);
  for (const name of [path, link])
    expect((await refusal(name)).message).toBe(
      `${name} is in use by the emulator with process id ${process.pid}: end it, or use another file`,
    );
  await hub.close();
  await emulatorAndClient({ stateFile: link });
});

test('somebody else’s file in the place of the lock is left alone', async () => {
  const path = newStatePath();
  writeFileSync(`${path}.lock`, 'mine');
  expect((await refusal(path)).message).toMatch(/hub\.jsonl\.lock is needed for the lock/);
  expect(readFileSync(`${path}.lock`, 'utf8')).toBe('mine');
});

test('a path too long for a socket can be locked too', async () => {
  const path = join(newStatePath(), '..', `${'x'.repeat(120)}.jsonl`);
  const { hub } = await emulatorAndClient({ stateFile: path });
  expect((await refusal(path)).message).toContain('is in use');
  await hub.close();
  await emulatorAndClient({ stateFile: path });
});

test('a file much larger than its state is made shorter at the start, and says the same', async () => {
  const { path } = await written();
  const [, , , notifying] = readFileSync(path, 'utf8').split('\n');
  appendFileSync(path, `${notifying}\n`.repeat(5000));
  const { hub, client } = await emulatorAndClient({ stateFile: path });
  expect(hub.tasks()).toMatchObject([{ notifications: 5001 }]);
  expect(linesOf(path)).toEqual([expect.objectContaining({ version: 1 }), { state: hub.state() }]);
  await notify(client);
  const tasks = hub.tasks();
  await hub.close();
  const { hub: again } = await emulatorAndClient({ stateFile: path });
  expect(again.tasks()).toMatchObject([{ notifications: 5002, updateDateTime: tasks[0]?.updateDateTime ?? null }]);
});

test('a large file that is no larger than its state stays as it is', async () => {
  const { path } = await written();
  const { hub } = await emulatorAndClient({ stateFile: path });
  const [account] = (hub.state() as { accounts: { tasks: object[] }[] }).accounts;
  const many = Array.from({ length: 5000 }, (_, i) => ({ ...account?.tasks[0], name: `server-${i}`, seq: i + 2 }));
  hub.seed({ accounts: [{ ...account, tasks: many }] });
  await hub.close();
  const before = readFileSync(path, 'utf8');
  expect(before.length).toBeGreaterThan(1024 * 1024);
  const { hub: again } = await emulatorAndClient({ stateFile: path });
  expect(again.tasks()).toHaveLength(5000);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

test('when the disk fails, writes are answered as errors, and nothing more is applied', async () => {
  const path = newStatePath();
  const { hub, client } = await emulatorAndClient({ stateFile: path });
  await importTask(client);
  await notify(client);
  const handle = await open(path);
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const sync = vi.spyOn(prototype, 'datasync').mockRejectedValueOnce(new Error('ENOSPC: no space left on device'));
  const said = `The state file ${path} cannot be written (ENOSPC: no space left on device): correct that`;
  for (let i = 0; i < 2; i++) {
    const error = await failure(notify(client));
    expect(error).toMatchObject({ name: 'InternalServerError', $metadata: { httpStatusCode: 500 } });
    expect(error.message).toContain(said);
  }
  expect(hub.tasks()).toMatchObject([{ notifications: 2 }]);
  const [status, answer] = await admin(hub, 'POST', 'reset');
  expect([status, (answer as { error: string }).error]).toEqual([500, expect.stringContaining('ENOSPC') as string]);
  sync.mockRestore();
});
