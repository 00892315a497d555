import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { connect, Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { startEmulator } from '../../src/emulator';
import { emulatorAndClient, failure, importTask, newStatePath } from './support';

afterEach(() => vi.restoreAllMocks());

/** Why an emulator does not start with the file. */
const refusal = (path: string) => failure(startEmulator({ stateFile: path }));
const countOfLines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n').length;
const codeError = (code: string) => Object.assign(new Error(`${code}: no`), { code });

/** Makes listening at the paths fail. */
function failListening(at: (path: string) => string | undefined) {
  const listen = Reflect.get(Server.prototype, 'listen') as (...args: unknown[]) => Server;
  vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args: unknown[]) {
    const code = typeof args[0] === 'string' ? at(args[0]) : undefined;
    if (code === undefined) return listen.apply(this, args);
    process.nextTick(() => this.emit('error', codeError(code)));
    return this;
  });
}

test('a file whose emulator is too busy to take a connection is in use', async () => {
  const path = newStatePath();
  const code = `require('net').createServer().listen({ path: '${path}.lock', backlog: 1 }, () => console.log('on'))`;
  const holder = spawn(process.execPath, ['-e', code]);
  await once(holder.stdout, 'data');
  holder.kill('SIGSTOP');
  const waiting: Socket[] = [];
  try {
    for (let full = false; !full && waiting.length < 1000;) {
      const socket = connect(`${path}.lock`);
      waiting.push(socket);
      full = await new Promise((done) => socket.on('connect', () => done(false)).on('error', () => done(true)));
    }
    expect((await refusal(path)).message).toBe(`${path} is in use by another emulator: end it, or use another file`);
    expect(lstatSync(`${path}.lock`).isSocket()).toBe(true);
  } finally {
    for (const socket of waiting) socket.destroy();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  }
  await emulatorAndClient({ stateFile: path }); // its process is dead
});

test('a file behind a symbolic link is written where it is, and the link stays', async () => {
  const path = newStatePath();
  const link = `${path}.link`;
  symlinkSync('hub.jsonl', link); // leads nowhere yet
  for (const lines of [3, 5]) {
    const { hub, client } = await emulatorAndClient({ stateFile: link });
    expect((await refusal(path)).message).toContain('is in use');
    await importTask(client);
    await hub.close();
    expect([lstatSync(link).isSymbolicLink(), countOfLines(path)]).toEqual([true, lines]);
  }
  expect(readdirSync(dirname(path)).sort()).toEqual(['hub.jsonl', 'hub.jsonl.link']);
});

test('a link that is changed while the emulator runs does not divide the file', async () => {
  const path = newStatePath();
  const link = `${path}.link`;
  const through = join(dirname(path), 'through');
  mkdirSync(through);
  symlinkSync(join(through, 'a.jsonl'), link);
  const { client } = await emulatorAndClient({ stateFile: link });
  unlinkSync(link);
  await importTask(client);
  expect(countOfLines(join(through, 'a.jsonl'))).toBe(3);
});

test.each([
  ['leads to itself', 'hub.jsonl', /hub\.jsonl is a symbolic link that leads to itself: use another file$/],
  ['leads into no folder', 'none/hub.jsonl', /^The directory .*none of the state file does not exist: make it$/],
])('a link that %s is named', async (_what, target, said) => {
  const path = newStatePath();
  symlinkSync(target, path);
  expect((await refusal(path)).message).toMatch(said);
});

test.each(['EBUSY', 'EXDEV'])('a file that is mounted alone (%s) is refused: mount its folder', async (code) => {
  const path = newStatePath();
  const rename = vi.spyOn(fs.promises, 'rename').mockRejectedValue(codeError(code));
  const { name, message } = await refusal(path);
  expect(rename).toHaveBeenCalledOnce();
  expect([name, message]).toEqual([
    'SettingError',
    `${path} cannot be replaced (${code}): if the file is mounted, mount its folder instead`,
  ]);
  expect(readdirSync(dirname(path))).toEqual([]);
});

test.each(['EIO', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP'])(
  'in a folder without sockets (%s) a file is kept, and only one emulator uses it',
  async (code) => {
    const path = newStatePath();
    failListening((at) => (at === `${path}.lock` ? code : undefined));
    const { hub } = await emulatorAndClient({ stateFile: path });
    expect(readdirSync(dirname(path))).toEqual(['hub.jsonl']);
    const { message } = await refusal(path);
    expect(message).toBe(
      `${path} is in use by the emulator with process id ${process.pid}: end it, or use another file`,
    );
    await hub.close();
    await emulatorAndClient({ stateFile: path });
  },
);

test('a file that cannot be locked is refused by name, not for its port', async () => {
  const path = newStatePath();
  failListening((at) => (at.endsWith('.lock') ? 'ENOSPC' : undefined));
  expect(await refusal(path)).toMatchObject({
    name: 'SettingError',
    message: `${path} cannot be locked (ENOSPC: no): use a file in another folder`,
  });
});

test('a file that another emulator locks at the same moment is in use', async () => {
  const path = newStatePath();
  failListening((at) => (at === `${path}.lock` ? 'EADDRINUSE' : undefined));
  const error = await refusal(path);
  expect(error.message).toBe(`${path} is in use by another emulator: end it, or use another file`);
  expect(error.code).toBeUndefined();
});
