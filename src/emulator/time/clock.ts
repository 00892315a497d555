import { closedObject, settingCheck } from '../settings/setting-check';
import { SettingError } from '../settings/setting-error';
import { LATEST } from './time-source';

/**
 * The emulator's clock, in epoch seconds. It decides when tasks are stale, when fault rules and outages end, and when a
 * deletion is complete. It does not change the Date header, signatures, the throttle or the fault `slow`.
 *
 * `set` and `advance` move it and neither start nor stop it: a running clock runs on from there, a frozen one stays
 * there. For exact times freeze it first.
 */
export interface EmulatorClock {
  /** The time, to the millisecond; with a `clock` that returns promises that of the last request or `judge()`. */
  now(): number;
  /**
   * Sets the time. An earlier time is allowed: a period of staleness may then count twice.
   * @param epochSeconds 0 to 253402300799, the end of the year 9999
   * @throws SettingError when it is out of range
   */
  set(epochSeconds: number): void;
  /**
   * Moves the time forward.
   * @param seconds 0 or more
   * @throws SettingError when it is negative or leads past the year 9999
   */
  advance(seconds: number): void;
  /** Stops the clock; does nothing when it is stopped. */
  freeze(): void;
  /** Undoes `set`, `advance` and `freeze`: the clock shows the real time (the option `clock`) again, and runs. */
  resume(): void;
}

/** The clock as `GET /_mgh/clock` shows it. */
export interface ClockReading {
  /** The emulator's time, epoch seconds. */
  now: number;
  /** The real time, epoch seconds; with the option `clock` the time that it returned. */
  real: number;
  /** Whether the clock is stopped. */
  frozen: boolean;
}

type Command = { set: number } | { advance: number } | { freeze: true } | { resume: true };
const seconds = (description: string) => ({ type: 'number', minimum: 0, maximum: LATEST, description });
const check = settingCheck<Command>(
  {
    ...closedObject({
      set: seconds('epoch seconds'),
      advance: seconds('seconds'),
      freeze: { const: true },
      resume: { const: true },
    }),
    minProperties: 1,
    maxProperties: 1,
  },
  'The body',
);

/** The implementation of {@link EmulatorClock}. */
export class Clock implements EmulatorClock {
  /** Seconds ahead of the real time; negative when behind. */
  private ahead = 0;
  private frozenAt: number | undefined;
  private replayedAt: number | undefined;

  /** @param real the real time, epoch seconds */
  constructor(private readonly real: () => number) {}

  /** @inheritdoc */
  // Rounded: adding and subtracting `ahead` would leave a floating-point remainder.
  now = (): number => this.replayedAt ?? this.frozenAt ?? Math.round((this.real() + this.ahead) * 1000) / 1000;

  /** @inheritdoc */
  set(epochSeconds: number): void {
    this.do({ set: epochSeconds });
  }

  /** @inheritdoc */
  advance(bySeconds: number): void {
    this.do({ advance: bySeconds });
  }

  /** @inheritdoc */
  freeze(): void {
    this.frozenAt ??= this.now();
  }

  /** @inheritdoc */
  resume(): void {
    this.frozenAt = undefined;
    this.ahead = 0;
  }

  /**
   * Carries out the body of `POST /_mgh/clock`.
   * @throws SettingError when it is not a command, or its time is out of range
   */
  do(command: unknown): void {
    const checked = check(command);
    if ('freeze' in checked) return this.freeze();
    if ('resume' in checked) return this.resume();
    const to = 'set' in checked ? checked.set : this.now() + checked.advance;
    if (to > LATEST) throw new SettingError(`advance must not lead past the year 9999, which is ${LATEST}`);
    if (this.frozenAt === undefined) this.ahead = to - this.real();
    else this.frozenAt = to;
  }

  /** What the clock shows now. */
  show(): ClockReading {
    return { now: this.now(), real: this.real(), frozen: this.frozenAt !== undefined };
  }

  /** Runs `work` with one reading of the clock, so that all of it happens at the same time. */
  heldStill<T>(work: () => T): T {
    return this.during(this.now(), work);
  }

  /**
   * Runs `work` with the clock at another time: calls from a state file are replayed at the time they were made.
   * @param epochSeconds the time that `now` returns meanwhile
   */
  during<T>(epochSeconds: number, work: () => T): T {
    this.replayedAt = epochSeconds;
    try {
      return work();
    } finally {
      this.replayedAt = undefined;
    }
  }
}
