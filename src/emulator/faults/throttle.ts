import { throttleForm } from './fault-rule-check';
import { closedObject, settingCheck } from '../settings/setting-check';
import { TokenBucket } from './token-bucket';
import type { FaultAction, ThrottleSetting } from '../types';

const check = settingCheck<ThrottleSetting>(
  closedObject(
    {
      ratePerSecond: { type: 'number', exclusiveMinimum: 0, maximum: 1_000_000 },
      burst: { type: 'integer', minimum: 1, maximum: 1_000_000 },
      ...throttleForm,
    },
    ['ratePerSecond'],
  ),
  'The throttle',
);

/** The rate from which on calls are throttled; without a setting none is. */
export class Throttle {
  private setting: ThrottleSetting | undefined;
  private bucket: TokenBucket | undefined;

  /** @param seconds any clock that runs evenly; not the emulator's, which may stand still or jump */
  constructor(
    private readonly initial: ThrottleSetting | undefined,
    private readonly seconds: () => number,
  ) {
    this.reset();
  }

  /** Takes a new setting, with a full bucket; throws a SettingError for one that cannot be used. */
  set(setting: unknown): void {
    this.setting = { ...check(setting) };
    const { ratePerSecond, burst = Math.ceil(ratePerSecond) } = this.setting;
    this.bucket = new TokenBucket(ratePerSecond, burst, this.seconds);
  }

  clear(): void {
    this.setting = undefined;
    this.bucket = undefined;
  }

  /** Back to what the emulator was started with, with a full bucket. */
  reset(): void {
    if (this.initial) this.set(this.initial);
    else this.clear();
  }

  /** The setting with its defaults, and how many calls would pass at once now. */
  show(): (Required<ThrottleSetting> & { tokens: number }) | null {
    if (!this.setting || !this.bucket) return null;
    const { ratePerSecond, httpStatus = 400, retryAfterIn = 'body' } = this.setting;
    const { burst, tokens } = this.bucket;
    return { ratePerSecond, burst, httpStatus, retryAfterIn, tokens: Math.floor(tokens) };
  }

  /** Lets a call pass (undefined) or says how it is throttled. */
  action(): FaultAction | undefined {
    const wait = this.bucket?.take() ?? 0;
    if (wait === 0 || !this.setting) return undefined;
    const { httpStatus, retryAfterIn } = this.setting;
    return { type: 'throttle', retryAfterSeconds: Math.ceil(wait), httpStatus, retryAfterIn };
  }
}
