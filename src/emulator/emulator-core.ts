import { performance } from 'node:perf_hooks';
import { readCall } from './calls/call';
import { accountOf, DEFAULT_ACCOUNT } from './calls/credential-scope';
import { MEDIA_TYPE, perform } from './calls/perform';
import { FaultRules } from './faults/fault-rules';
import { Outage } from './faults/outage';
import { Throttle } from './faults/throttle';
import { Account } from './hub/account';
import { Accounts } from './hub/accounts';
import { type StalenessReport, stalenessReport } from './hub/staleness-report';
import type { EmulatorState } from './hub/store-state';
import { type EmulatorTask, snapshotOf } from './hub/task-snapshot';
import { CallRecorder } from './journal/call-recorder';
import { Journal } from './journal/journal';
import { Metrics } from './journal/metrics';
import { type EmulatorOptions, type EmulatorSettings, settingsOf } from './options';
import { StateFile } from './state-file/state-file';
import type { RecordedCall } from './state-file/state-line';
import { Clock } from './time/clock';
import { TimeSource } from './time/time-source';

/** An emulator without its HTTP server: everything it holds, and the commands that concern several parts of it. */
export class EmulatorCore {
  /** The checked options. */
  readonly settings: EmulatorSettings;
  /** The time that the clock goes by. */
  readonly time: TimeSource;
  /** The clock. */
  readonly clock: Clock;
  /** What Migration Hub holds. */
  readonly accounts: Accounts;
  /** The last requests. */
  readonly journal: Journal;
  /** The fault rules. */
  readonly faults: FaultRules;
  /** The outage. */
  readonly outage: Outage;
  /** The throttle. */
  readonly throttle: Throttle;
  /** The metrics. */
  readonly metrics: Metrics;
  /** The state file and the metrics, for calls. */
  readonly recorder: CallRecorder;

  /**
   * @throws RangeError, SettingError or SwitchError when an option is not valid
   */
  constructor(options: EmulatorOptions) {
    this.settings = settingsOf(options);
    const { homeRegion, switches } = this.settings;
    this.time = new TimeSource(options.clock ?? Date.now);
    this.clock = new Clock(this.time.seconds);
    const { now } = this.clock;
    this.accounts = new Accounts((id) => new Account(id, homeRegion, now, this.settings, switches));
    this.journal = new Journal(options.journalSize);
    this.faults = new FaultRules(now);
    this.outage = new Outage(now);
    this.throttle = new Throttle(options.throttleAt, () => performance.now() / 1000);
    this.metrics = new Metrics({ tasks: this.tasks, droppedRequests: () => this.journal.dropped });
    this.recorder = new CallRecorder({
      clock: this.clock,
      metrics: this.metrics,
      marginOf: ({ progressUpdateStream, migrationTaskName }, scope) => {
        const { store } = this.accounts.account(accountOf(scope));
        return store.find(progressUpdateStream ?? '', migrationTaskName ?? '')?.ledger.margin(now());
      },
    });
  }

  /** All tasks in order of their first import, with their staleness now. */
  readonly tasks = (): EmulatorTask[] =>
    this.accounts.all().flatMap((account) => snapshotOf(account, this.clock.now()));

  /** How long each task was stale. */
  readonly staleness = (): StalenessReport => stalenessReport(this.tasks(), this.clock.now());

  /** How many streams all accounts have. */
  readonly streams = (): number => this.accounts.all().reduce((sum, { store }) => sum + store.streamList().length, 0);

  /** Everything that Migration Hub holds, as JSON. */
  readonly state = (): EmulatorState => this.accounts.dump('existing');

  /** Everything that the state file must have. */
  private readonly whole = (): EmulatorState => this.accounts.dump('all');

  /**
   * Replaces everything that Migration Hub holds.
   * @throws SettingError when the state is not valid, or Error when the state file cannot be written
   */
  readonly seed = (state: unknown): void => {
    this.recorder.stateFile?.checkUsable();
    this.accounts.load(state);
    this.snapshot();
  };

  /** Writes the whole state to the state file, if there is one. */
  readonly snapshot = (): void => this.recorder.stateFile?.state(this.whole());

  /**
   * Forgets everything but the options.
   * @throws Error when the state file cannot be written
   */
  readonly reset = (): void => {
    this.recorder.stateFile?.checkUsable();
    this.accounts.reset();
    this.snapshot();
    this.journal.reset();
    this.metrics.reset();
    this.faults.clear();
    this.outage.clear();
    this.throttle.reset();
    this.clock.resume();
  };

  /**
   * Resolves when everything so far is in the state file, if there is one.
   * @throws Error when it cannot be written
   */
  readonly durable = (): Promise<void> => this.recorder.durable();

  /**
   * Replays a state file, and uses it from now on.
   * @throws SettingError when it cannot be used
   */
  async openStateFile(path: string): Promise<void> {
    const { switches, ...settings } = this.settings;
    this.recorder.stateFile = await StateFile.open(path, {
      settings: { ...settings, ...switches },
      apply: (call, at) => this.apply(call, at),
      load: (state) => this.accounts.load(state),
      dump: this.whole,
    });
  }

  /** Closes the state file, if there is one. */
  async close(): Promise<void> {
    await this.recorder.stateFile?.close();
  }

  /** Carries out a call of a state file at the time at which it was applied. */
  private apply({ service, operation, input, account = DEFAULT_ACCOUNT, region }: RecordedCall, at: number): void {
    const { accounts, clock } = this;
    const { switches } = this.settings;
    const call = readCall(`${service}.${operation}`, MEDIA_TYPE, JSON.stringify(input));
    clock.during(at, () => perform({ accounts, accountId: account, region, switches, now: clock.now }, call));
  }
}
