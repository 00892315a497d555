import { open } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { SettingError } from '../settings/setting-error';
import { linesOf } from './read-lines';
import { checkHeader, checkStateLine, STATE_VERSION, type RecordedCall, type ReplaySettings } from './state-line';

/** What a state file is replayed into, and written from. */
export interface Replayable {
  /** The settings that change what a call does. */
  settings: ReplaySettings;
  /**
   * Carries out a call again.
   * @param at the time at which it was applied, epoch seconds
   * @throws MigrationHubError when it is refused
   */
  apply: (call: RecordedCall, at: number) => void;
  /**
   * Replaces the state.
   * @throws SettingError when it is not valid
   */
  load: (state: unknown) => void;
  /** The state as JSON. */
  dump: () => unknown;
}

/** The path of a state file. */
export interface StatePath {
  /** Without symbolic links: what is opened. */
  real: string;
  /** As it was given: what messages name. */
  given: string;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function checkSettings(written: Record<string, unknown>, now: Record<string, unknown>): void {
  const differing = [...new Set([...Object.keys(written), ...Object.keys(now)])];
  const name = differing.find((each) => !isDeepStrictEqual(written[each], now[each]));
  if (name === undefined) return;
  const [before, after] = [JSON.stringify(written[name]), JSON.stringify(now[name])];
  throw new SettingError(
    `${name} was ${before} when it was written, and is ${after} now, with which the same calls may do other things: ` +
      `start with ${before}, or copy the state to a new file (GET /_mgh/state, POST /_mgh/seed)`,
  );
}

function readHeader(text: string, into: Replayable): void {
  let found: ReturnType<typeof checkHeader>;
  try {
    found = checkHeader(JSON.parse(text));
  } catch {
    throw new SettingError('it is not a state file of this emulator: use another file');
  }
  if (found.version !== STATE_VERSION)
    throw new SettingError(
      `it has version ${found.version}, and this emulator reads version ${STATE_VERSION}: ` +
        'use the emulator that wrote it, or another file',
    );
  checkSettings(found.settings, JSON.parse(JSON.stringify(into.settings)) as Record<string, unknown>);
}

function readLine(text: string, into: Replayable): void {
  let line: ReturnType<typeof checkStateLine>;
  try {
    line = checkStateLine(JSON.parse(text));
  } catch (error) {
    throw new SettingError(`it is damaged (${messageOf(error)}): restore the file, or use another`);
  }
  try {
    if ('state' in line) into.load(line.state);
    else into.apply(line.call, line.at);
  } catch (error) {
    throw new SettingError(`it cannot be carried out (${messageOf(error)}): restore the file, or use another`);
  }
}

/**
 * Replays all whole lines of a state file.
 * @returns the offset in bytes after the last one
 * @throws SettingError when the file cannot be used; the message names file and line
 */
export async function replay({ real, given }: StatePath, into: Replayable): Promise<number> {
  const file = await open(real, 'r');
  let end = 0;
  let number = 1;
  try {
    for await (const line of linesOf(file)) {
      number = line.number;
      (number === 1 ? readHeader : readLine)(line.text, into);
      end = line.end;
    }
    if (end === 0) throw new SettingError('it is not a state file of this emulator: use another file');
    return end;
  } catch (error) {
    if (error instanceof SettingError) throw new SettingError(`${given}, line ${number}: ${error.message}`);
    throw error;
  } finally {
    await file.close();
  }
}
