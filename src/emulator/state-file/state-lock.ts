import { createHash } from 'node:crypto';
import { lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingError } from '../settings/setting-error';

/** In bytes. Some systems allow no longer socket paths. */
const MAX_SOCKET_PATH = 100;
/** What listening fails with in a folder that cannot have sockets, such as some mounted ones. */
const NO_SOCKETS = ['EIO', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'ENXIO', 'ENODEV', 'EPROTO'];
/** What connecting fails with when no process listens; any other error says nothing about the process. */
const NOBODY = ['ECONNREFUSED', 'ENOENT'];

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

/** The paths at which the lock of a file may be; each is for where those before it cannot be had. */
function lockPathsOf(realPath: string): string[] {
  const hash = createHash('sha256').update(realPath).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return [`\\\\.\\pipe\\migration-hub-emulator-${hash}`];
  const beside = `${realPath}.lock`;
  const elsewhere = join(tmpdir(), `migration-hub-emulator-${hash}.lock`);
  return Buffer.byteLength(beside) <= MAX_SOCKET_PATH ? [beside, elsewhere] : [elsewhere];
}

const inUse = (stateFile: string, holder: string) =>
  new SettingError(`${stateFile} is in use by ${holder}: end it, or use another file`);

/** Who holds a lock; undefined when no process listens. */
function holderOf(lock: string): Promise<string | undefined> {
  return new Promise((done) => {
    let processId = '';
    const socket = connect(lock);
    socket.setEncoding('utf8').on('data', (data: string) => (processId += data));
    socket.on('error', (error) => done(NOBODY.includes(codeOf(error)) ? undefined : unknownHolder(lock, error)));
    socket.on('close', () => done(processId ? `the emulator with process id ${processId}` : 'another emulator'));
    socket.setTimeout(2000, () => socket.destroy());
  });
}

const unknownHolder = (lock: string, error: Error): string =>
  ['EACCES', 'EPERM'].includes(codeOf(error))
    ? `an emulator of another user (if none runs, remove ${lock})`
    : 'another emulator';

/** Takes a lock by listening on its path and sending the process id to every connection. */
function take(lock: string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(String(process.pid)));
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(lock, () => done(server.unref()));
  });
}

/** Removes the lock of a process that was killed. */
async function removeDead(lock: string, stateFile: string): Promise<void> {
  const isPipe = process.platform === 'win32';
  if (!isPipe && lstatSync(lock, { throwIfNoEntry: false })?.isSocket() === false)
    throw new SettingError(`${lock} is needed for the lock, but is another file: move it`);
  const holder = await holderOf(lock);
  if (holder !== undefined) throw inUse(stateFile, holder);
  if (!isPipe) rmSync(lock, { force: true });
}

async function takeFirst([lock = '', ...others]: string[], stateFile: string): Promise<Server> {
  try {
    return await take(lock);
  } catch (error) {
    if (others.length > 0 && NO_SOCKETS.includes(codeOf(error))) return takeFirst(others, stateFile);
    if (codeOf(error) !== 'EADDRINUSE') throw error;
  }
  await removeDead(lock, stateFile);
  return take(lock);
}

/**
 * Locks a state file by listening on a local socket beside it, or in the system's folder for temporary files where that
 * is not possible. The system ends that when the process ends, however it ends, so a lock never has to be removed by hand.
 * @param realPath its path without symbolic links
 * @param stateFile its path as it was given, for messages
 * @returns a function that unlocks the file
 * @throws SettingError when another emulator, in this process or another, holds it, or when it cannot be locked
 */
export async function lockStateFile(realPath: string, stateFile: string): Promise<() => void> {
  const server = await takeFirst(lockPathsOf(realPath), stateFile).catch((error: unknown) => {
    if (error instanceof SettingError) throw error;
    // Never a code of the system, which would be taken for one of the port. EADDRINUSE: another was faster.
    if (codeOf(error) === 'EADDRINUSE') throw inUse(stateFile, 'another emulator');
    throw new SettingError(`${stateFile} cannot be locked (${(error as Error).message}): use a file in another folder`);
  });
  return () => server.close();
}
