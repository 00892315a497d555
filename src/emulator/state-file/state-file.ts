import { existsSync } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GroupCommit } from './group-commit';
import { header, type RecordedCall, type ReplaySettings, type StateLine } from './state-line';
import { lockStateFile } from './state-lock';
import { replay } from './state-replay';

/** What the file is read into, and what it is made shorter from. */
export interface Replayable {
  /** Settings that the calls in the file depend on. */
  settings: ReplaySettings;
  /** Carries out a call again, as of then; throws when it is refused. */
  apply: (call: RecordedCall, at: number) => void;
  /** Replaces the state; throws when it cannot be used. */
  load: (state: unknown) => void;
  dump: () => unknown;
}

/** A file that is shorter than this is not worth making shorter. */
const COMPACT_BYTES = 1024 * 1024;
/** Made shorter when it is at least this many times as large as its state. */
const COMPACT_RATIO = 4;

/** Makes what was done to the names in a directory survive a power cut, where the system can do that. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
}

/** Puts a whole file in the place of another at one blow: a crash leaves the one or the other. */
async function replaceFile(path: string, lines: object[]): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    for (const line of lines) await file.appendFile(`${JSON.stringify(line)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncDirectory(path);
}

async function isNew(path: string): Promise<boolean> {
  return !existsSync(path) || (await stat(path)).size === 0;
}

/** Brings the state up to what the file says, and the file into order. */
async function read(path: string, into: Replayable): Promise<void> {
  if (await isNew(path)) return replaceFile(path, [header(into.settings)]);
  const end = await replay(path, into);
  const { size } = await stat(path);
  if (end < size) {
    const file = await open(path, 'r+');
    await file.truncate(end); // a last line that was never answered
    await file.sync().finally(() => file.close());
  }
  if (end < COMPACT_BYTES) return;
  const state = into.dump();
  if (end > COMPACT_RATIO * JSON.stringify(state).length) await replaceFile(path, [header(into.settings), { state }]);
}

/** The file that makes the state outlive the process: see `stateFile` in EmulatorOptions. */
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

  /** Locks the file and reads it. Throws a SettingError that names file, line and mend when it cannot be used. */
  static async open(path: string, into: Replayable): Promise<StateFile> {
    const unlock = await lockStateFile(path);
    try {
      await read(path, into);
      return new StateFile(path, await open(path, 'a'), unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  private add(line: StateLine): void {
    this.commit.add(JSON.stringify(line));
  }

  call(call: RecordedCall, at: number): void {
    this.add({ at, call });
  }

  state(state: unknown): void {
    this.add({ state });
  }

  /** Throws when a write has failed before: the state in memory must not run ahead of the file. */
  checkUsable(): void {
    if (this.commit.failure !== undefined) throw this.failed(this.commit.failure);
  }

  /** Resolves when everything up to now is on disk: what is answered after it, a crash cannot take back. */
  async durable(): Promise<void> {
    await this.commit.durable().catch((error: unknown) => {
      throw this.failed(error);
    });
  }

  private failed(error: unknown): Error {
    const reason = error instanceof Error ? error.message : String(error);
    return new Error(`The state file ${this.path} cannot be written (${reason}): mend that and restart`);
  }

  async close(): Promise<void> {
    await this.commit.durable().catch(() => undefined); // whoever waited for it has heard
    await this.file.close();
    this.unlock();
  }
}
