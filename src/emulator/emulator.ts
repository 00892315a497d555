import type { FaultRule, OutageSetting, ThrottleSetting } from './faults/types';
import type { StalenessReport } from './hub/staleness-report';
import type { EmulatorTask } from './hub/task-snapshot';
import type { JournalEntry, JournalFilter } from './journal/journal';
import type { EmulatorClock } from './time/clock';

/** What an emulator holds at one moment. */
export interface Judgement {
  /** As {@link Emulator.tasks}. */
  tasks: EmulatorTask[];
  /** As {@link Emulator.staleness}. */
  staleness: StalenessReport;
}

/** A running emulator. */
export interface Emulator {
  /** Where it listens, e.g. `http://127.0.0.1:4599`: the `endpoint` of an AWS client. */
  readonly url: string;
  /** The TCP port. */
  readonly port: number;
  /** Its clock. */
  readonly clock: EmulatorClock;
  /**
   * All tasks in order of their first import, with their staleness now.
   * @throws Error when the option `clock` returns promises: use `judge`
   */
  tasks(): EmulatorTask[];
  /**
   * How long each task was stale, whether or not anyone asked in the meantime.
   * @throws Error when the option `clock` returns promises: use `judge`
   */
  staleness(): StalenessReport;
  /**
   * Both, at the same moment, for any clock: one that returns promises is asked first.
   * @throws RangeError when the option `clock` returns no time, Error when it fails
   */
  judge(): Promise<Judgement>;
  /**
   * The journal: the last requests in order of arrival, as many as `journalSize`.
   * @default filter all requests
   */
  requests(filter?: JournalFilter): JournalEntry[];
  /**
   * Replaces all fault rules. Their counters begin at 0.
   * @throws FaultRuleError that names the field; the rules stay as they are then
   */
  setFaults(rules: FaultRule[]): void;
  /** Removes all fault rules. */
  clearFaults(): void;
  /**
   * Begins an outage, in place of the current one.
   * @throws SettingError that names the field
   */
  setOutage(outage: OutageSetting): void;
  /** Ends the outage. */
  clearOutage(): void;
  /**
   * Throttles calls from now on, with a full bucket.
   * @throws SettingError that names the field
   */
  setThrottle(throttle: ThrottleSetting): void;
  /** Ends the throttle. */
  clearThrottle(): void;
  /**
   * A copy of everything that Migration Hub holds, as JSON that `seed` accepts. Journal, metrics, faults and clock are not
   * part of it.
   */
  state(): object;
  /**
   * Replaces everything that Migration Hub holds. The state is checked for its form, not against the model of the API.
   * @throws SettingError that names the field, or Error when the state file cannot be written; nothing is changed then
   */
  seed(state: unknown): void;
  /**
   * Forgets streams, tasks, journal, metrics, fault rules and the outage, resumes the clock, and sets the throttle to
   * `throttleAt`. The port and the other options stay.
   * @throws Error when the state file cannot be written; nothing is changed then
   */
  reset(): void;
  /** Stops listening, closes every connection, also those that hang, and closes the state file. */
  close(): Promise<void>;
  /** The same as `close`, for `await using` (where the runtime has `Symbol.asyncDispose`). */
  [Symbol.asyncDispose](): Promise<void>;
}
