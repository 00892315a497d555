import { closedObject, settingCheck } from '../settings/setting-check';
import { SettingError } from '../settings/setting-error';
import type { EmulatorClock } from '../types';

/** The end of the year 9999: later times have no common notation. */
const LATEST = 253_402_300_799;

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

/** The emulator's clock: it can be moved and stopped without touching the time of the machine. Epoch seconds. */
export class Clock implements EmulatorClock {
  /** How far ahead of real time it is. */
  private ahead = 0;
  private frozenAt: number | undefined;
  private replayedAt: number | undefined;

  /** @param real epoch seconds */
  constructor(private readonly real: () => number) {}

  /** To the millisecond: what moving it adds and takes away would leave a rest behind. */
  now = (): number => this.replayedAt ?? this.frozenAt ?? Math.round((this.real() + this.ahead) * 1000) / 1000;

  set(epochSeconds: number): void {
    this.do({ set: epochSeconds });
  }

  advance(bySeconds: number): void {
    this.do({ advance: bySeconds });
  }

  freeze(): void {
    this.frozenAt ??= this.now();
  }

  resume(): void {
    this.frozenAt = undefined;
    this.ahead = 0;
  }

  /** Carries out what `POST /_mgh/clock` was given; throws a SettingError for what it cannot. */
  do(command: unknown): void {
    const checked = check(command);
    if ('freeze' in checked) return this.freeze();
    if ('resume' in checked) return this.resume();
    const to = 'set' in checked ? checked.set : this.now() + checked.advance;
    if (to > LATEST) throw new SettingError(`advance must not lead past the year 9999, which is ${LATEST}`);
    if (this.frozenAt === undefined) this.ahead = to - this.real();
    else this.frozenAt = to;
  }

  show(): { now: number; real: number; frozen: boolean } {
    return { now: this.now(), real: this.real(), frozen: this.frozenAt !== undefined };
  }

  /** Lets it be another time while `work` runs: for calls from a state file, which happened then. */
  during<T>(epochSeconds: number, work: () => T): T {
    this.replayedAt = epochSeconds;
    try {
      return work();
    } finally {
      this.replayedAt = undefined;
    }
  }
}
