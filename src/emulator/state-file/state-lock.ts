import { createHash } from 'node:crypto';
import { existsSync, lstatSync, realpathSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { SettingError } from '../settings/setting-error';

/** Longer paths do not fit into a socket's address on every system. */
const MAX_SOCKET_PATH = 100;

/** One name for a file, whatever links lead to it. */
function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const directory = dirname(resolve(path));
    if (!existsSync(directory))
      throw new SettingError(`The directory ${directory} of the state file does not exist: make it`);
    return join(realpathSync(directory), basename(path));
  }
}

function lockPathOf(stateFile: string): string {
  const path = canonical(stateFile);
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\migration-hub-emulator-${hash}`;
  const beside = `${path}.lock`;
  return Buffer.byteLength(beside) <= MAX_SOCKET_PATH ? beside : join(tmpdir(), `migration-hub-emulator-${hash}.lock`);
}

/** The process id that a live holder tells, or undefined when nobody answers. */
function holderOf(path: string): Promise<string | undefined> {
  return new Promise((done) => {
    let said = '';
    const socket = connect(path, () => socket.on('close', () => done(said || 'unknown')));
    socket.setEncoding('utf8').on('data', (data: string) => (said += data));
    socket.on('error', () => done(undefined));
    socket.setTimeout(2000, () => socket.destroy());
  });
}

function take(path: string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(String(process.pid)));
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(path, () => done(server.unref()));
  });
}

/**
 * Locks a state file for this emulator, by listening on a local socket beside it: the system ends that when the process
 * ends, however it ends, so a lock never has to be removed by hand. Answers what unlocks it; throws a SettingError when
 * another emulator, in this process or another, holds it.
 */
export async function lockStateFile(stateFile: string): Promise<() => void> {
  const path = lockPathOf(stateFile);
  let server: Server;
  try {
    server = await take(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const holder = await holderOf(path);
    if (holder !== undefined)
      throw new SettingError(
        `${stateFile} is in use by the emulator with process id ${holder}: end it, or use another file`,
      );
    if (process.platform !== 'win32' && !lstatSync(path).isSocket())
      throw new SettingError(`${path} is in the way of the lock: it is a file of somebody else's, move it`);
    unlinkSync(path); // left by a process that was killed
    server = await take(path);
  }
  return () => server.close();
}
