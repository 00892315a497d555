import type { ThrottleSetting } from './faults/types';
import { type Strictness, type Switches, switchesOf } from './hub/switches';
import type { SignatureCheck } from './http/signatures';
import { closedObject, settingCheck } from './settings/setting-check';

/** Options of `startEmulator`. */
export interface EmulatorOptions {
  /**
   * The TCP port; 0: any free one.
   * @default 0
   */
  port?: number;
  /**
   * The address to listen on.
   * @default 127.0.0.1 and, on a system with IPv6, ::1, so that `localhost` works
   */
  host?: string;
  /**
   * The home region that every account has at first; null: none.
   * @default 'us-west-2'
   */
  homeRegion?: string | null;
  /**
   * `strict` accepts what the model and the documentation allow; `relaxed` also accepts what AWS might accept.
   * @default 'strict'
   */
  strictness?: Strictness;
  /**
   * Behaviours that AWS does not document, by name: see {@link SWITCHES}.
   * @default set by `strictness`
   */
  switches?: Partial<Switches>;
  /**
   * Which signatures calls must have.
   * @default 'off'
   */
  signatures?: SignatureCheck;
  /**
   * How long DeleteProgressUpdateStream takes, in seconds, 0 or more. AWS documents only that it takes time.
   * @default 5
   */
  streamDeletionSeconds?: number;
  /**
   * How many updates of each task ListMigrationTaskUpdates returns (the newest), an integer from 1. When all tasks
   * together have more than 100000, the last 10 of a task are kept.
   * @default 100
   */
  historyPerTask?: number;
  /**
   * The time that the emulator's clock goes by, in epoch milliseconds: in a test with Temporal's time-skipping server
   * `() => env.currentTimeMs()`. One that returns promises is asked before each request, and by `judge()`.
   * @default Date.now
   */
  clock?: () => number | Promise<number>;
  /**
   * How many requests the journal keeps, an integer from 1 to 10000000.
   * @default 10000
   */
  journalSize?: number;
  /**
   * The throttle at first and after a reset.
   * @default no throttle
   */
  throttleAt?: ThrottleSetting;
  /**
   * The path of a file that keeps the state when the process ends: every write is on disk before it is answered, and is
   * carried out again at the next start. It is created when it is missing. One process at a time may use it.
   * @default none: the state is in memory only
   */
  stateFile?: string;
}

/** The options that decide how calls are carried out, checked and with their defaults. */
export interface EmulatorSettings {
  /** The home region that every account has at first; null: none. */
  homeRegion: string | null;
  /** The value of every switch. */
  switches: Switches;
  /** Seconds that DeleteProgressUpdateStream takes. */
  streamDeletionSeconds: number;
  /** Updates kept of each task. */
  historyPerTask: number;
}

/** What is `{}` here has a check of its own. */
const OPTION_SCHEMAS: Record<keyof EmulatorOptions, object> = {
  port: { type: 'integer', minimum: 0, maximum: 65_535 },
  host: { type: 'string' },
  homeRegion: {},
  strictness: { enum: ['strict', 'relaxed'] },
  switches: {},
  signatures: { anyOf: [{ enum: ['off', 'format'] }, closedObject({ verify: { type: 'object' } }, ['verify'])] },
  streamDeletionSeconds: {},
  historyPerTask: {},
  clock: {},
  journalSize: {},
  throttleAt: {},
  stateFile: { type: 'string' },
};
const checkNames = settingCheck<EmulatorOptions>(closedObject(OPTION_SCHEMAS), 'The options of startEmulator');

/** @throws SettingError when an option does not exist or has a value of another kind; one that is undefined is not set */
export const checkOptions = (options: EmulatorOptions): EmulatorOptions => checkNames(withoutUndefined(options));

const withoutUndefined = (options: EmulatorOptions): unknown =>
  typeof options === 'object' && options !== null
    ? Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
    : options;

const REGION = /^[a-z]+-[a-z]+-[0-9]+$/;

/**
 * Checks options and adds the defaults.
 * @throws RangeError when a number is out of range or the home region is not the name of a region
 * @throws SwitchError when a switch or its value does not exist
 */
export function settingsOf(options: EmulatorOptions): EmulatorSettings {
  const { homeRegion = 'us-west-2', streamDeletionSeconds = 5, historyPerTask = 100 } = options;
  if (!(streamDeletionSeconds >= 0))
    throw new RangeError(`streamDeletionSeconds must be 0 or more, not ${streamDeletionSeconds}`);
  if (!(Number.isInteger(historyPerTask) && historyPerTask >= 1))
    throw new RangeError(`historyPerTask must be an integer from 1, not ${historyPerTask}`);
  const switches = switchesOf(options.switches, options.strictness);
  if (homeRegion !== null && !REGION.test(homeRegion))
    throw new RangeError(`homeRegion must look like us-west-2, not ${homeRegion}`);
  return { homeRegion, switches, streamDeletionSeconds, historyPerTask };
}
