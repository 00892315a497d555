import { createHash } from 'node:crypto';
import { existsSync, lstatSync, realpathSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { SettingError } from '../settings/setting-error';

/** In bytes. Some systems allow no longer socket paths. */
const MAX_SOCKET_PATH = 100;

/** The path of a file without symbolic links. */
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

/** The process id of the emulator that holds a lock; undefined when no process listens. */
function holderOf(path: string): Promise<string | undefined> {
  return new Promise((done) => {
    let processId = '';
    const socket = connect(path, () => socket.on('close', () => done(processId || 'unknown')));
    socket.setEncoding('utf8').on('data', (data: string) => (processId += data));
    socket.on('error', () => done(undefined));
    socket.setTimeout(2000, () => socket.destroy());
  });
}

/** Takes a lock by listening on its path and sending the process id to every connection. */
function take(path: string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(String(process.pid)));
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(path, () => done(server.unref()));
  });
}

/**
 * Locks a state file by listening on a local socket beside it. The system ends that when the process ends, however it
 * ends, so a lock never has to be removed by hand.
 * @returns a function that unlocks the file
 * @throws SettingError when another emulator, in this process or another, holds it, or when its directory does not exist
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
      throw new SettingError(`${path} is needed for the lock, but is another file: move it`);
    unlinkSync(path); // of a process that was killed
    server = await take(path);
  }
  return () => server.close();
}
