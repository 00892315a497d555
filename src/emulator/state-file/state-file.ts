import { existsSync } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SettingError } from '../settings/setting-error';
import { GroupCommit } from './group-commit';
import { realPathOf } from './real-path';
import { header, type RecordedCall, type StateLine } from './state-line';
import { lockStateFile } from './state-lock';
import { replay, type Replayable, type StatePath } from './state-replay';

/** A shorter file is never compacted. */
const COMPACT_BYTES = 1024 * 1024;
/** A file is compacted when it is more than this many times as large as its state. */
const COMPACT_RATIO = 4;

/** Syncs the directory of a file, so that a rename in it survives a power failure. Windows cannot do that. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
}

/** Moves a file over another one. @throws SettingError when that is mounted as a file, which nothing can take the place of */
async function moveOver(temporary: string, { real, given }: StatePath): Promise<void> {
  try {
    await rename(temporary, real);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code !== 'EBUSY' && code !== 'EXDEV') throw error;
    await rm(temporary, { force: true });
    throw new SettingError(`${given} cannot be replaced (${code}): if the file is mounted, mount its folder instead`);
  }
}

/** Replaces a file atomically: a crash leaves the old one or the new one. */
async function replaceFile(path: StatePath, lines: object[]): Promise<void> {
  const temporary = `${path.real}.new`;
  const file = await open(temporary, 'w');
  try {
    for (const line of lines) await file.appendFile(`${JSON.stringify(line)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await moveOver(temporary, path);
  await syncDirectory(path.real);
}

async function isNew(path: string): Promise<boolean> {
  return !existsSync(path) || (await stat(path)).size === 0;
}

/** Replays a file; creates it when it is missing or empty, cuts off a torn last line, and compacts it when it is large. */
async function read(path: StatePath, into: Replayable): Promise<void> {
  const { real } = path;
  if (await isNew(real)) return replaceFile(path, [header(into.settings)]);
  const end = await replay(path, into);
  const { size } = await stat(real);
  if (end < size) {
    const file = await open(real, 'r+');
    await file.truncate(end); // a torn last line: its call was never answered
    await file.sync().finally(() => file.close());
  }
  if (end < COMPACT_BYTES) return;
  const state = into.dump();
  if (end > COMPACT_RATIO * JSON.stringify(state).length) await replaceFile(path, [header(into.settings), { state }]);
}

/** The file that keeps the state when the process ends; see `stateFile` in EmulatorOptions. */
export class StateFile {
  private readonly commit: GroupCommit;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly unlock: () => void,
  ) {
    const write = async (text: string) => void (await file.appendFile(text));
    this.commit = new GroupCommit({ write, sync: () => file.datasync() });
  }

  /**
   * Locks a file and replays it.
   * @throws SettingError when it cannot be used; the message names file, line and what to do
   */
  static async open(path: string, into: Replayable): Promise<StateFile> {
    const real = realPathOf(path);
    const unlock = await lockStateFile(real, path);
    try {
      await read({ real, given: path }, into);
      return new StateFile(path, await open(real, 'a'), unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  private add(line: StateLine): void {
    this.commit.add(JSON.stringify(line));
  }

  /**
   * Appends a call; `durable` resolves when it is on disk.
   * @param at the time at which it was applied, epoch seconds
   */
  call(call: RecordedCall, at: number): void {
    this.add({ at, call });
  }

  /** Appends a whole state; `durable` resolves when it is on disk. */
  state(state: unknown): void {
    this.add({ state });
  }

  /**
   * Checks that no write has failed: the state in memory must not get ahead of the file.
   * @throws Error that names the file and the reason
   */
  checkUsable(): void {
    if (this.commit.failure !== undefined) throw this.failed(this.commit.failure);
  }

  /**
   * Resolves when everything appended so far is on disk.
   * @throws Error when it cannot be written; the message names the file and the reason
   */
  async durable(): Promise<void> {
    await this.commit.durable().catch((error: unknown) => {
      throw this.failed(error);
    });
  }

  private failed(error: unknown): Error {
    const reason = error instanceof Error ? error.message : String(error);
    return new Error(`The state file ${this.path} cannot be written (${reason}): correct that and restart`);
  }

  /** Waits for what was appended, closes the file and unlocks it. */
  async close(): Promise<void> {
    await this.commit.durable().catch(() => undefined); // `durable` has reported it
    await this.file.close();
    this.unlock();
  }
}
