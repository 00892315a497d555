import { closedObject, settingCheck } from '../settings/setting-check';
import { throttleForm } from './fault-rule-check';
import { TokenBucket } from './token-bucket';
import type { ThrottleAction, ThrottleSetting } from './types';

/** The throttle as `GET /_mgh/throttle` shows it: the setting with its defaults, and the state of the bucket. */
export interface ThrottleState extends Required<ThrottleSetting> {
  /** Calls that would pass at once now. */
  tokens: number;
}

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

/** The throttle; without a setting every call passes. */
export class Throttle {
  private setting: ThrottleSetting | undefined;
  private bucket: TokenBucket | undefined;

  /**
   * @param initial the setting at first and after a reset
   * @param seconds a clock that never goes back, in seconds; not the emulator's, which may stop or jump
   * @throws SettingError when `initial` is not valid
   */
  constructor(
    private readonly initial: ThrottleSetting | undefined,
    private readonly seconds: () => number,
  ) {
    this.reset();
  }

  /**
   * Replaces the setting. The bucket is full.
   * @throws SettingError when it is not valid
   */
  set(setting: unknown): void {
    this.setting = { ...check(setting) };
    const { ratePerSecond, burst = Math.ceil(ratePerSecond) } = this.setting;
    this.bucket = new TokenBucket(ratePerSecond, burst, this.seconds);
  }

  /** Ends the throttle. */
  clear(): void {
    this.setting = undefined;
    this.bucket = undefined;
  }

  /** Restores the initial setting. The bucket is full. */
  reset(): void {
    if (this.initial) this.set(this.initial);
    else this.clear();
  }

  /** The throttle now; null when there is none. */
  show(): ThrottleState | null {
    if (!this.setting || !this.bucket) return null;
    const { ratePerSecond, httpStatus = 400, retryAfterIn = 'body' } = this.setting;
    const { burst, tokens } = this.bucket;
    return { ratePerSecond, burst, httpStatus, retryAfterIn, tokens: Math.floor(tokens) };
  }

  /** Takes a token for a call and returns undefined, or returns how the call is throttled. */
  action(): ThrottleAction | undefined {
    const wait = this.bucket?.take() ?? 0;
    if (wait === 0 || !this.setting) return undefined;
    const { httpStatus, retryAfterIn } = this.setting;
    return { type: 'throttle', retryAfterSeconds: Math.ceil(wait), httpStatus, retryAfterIn };
  }
}
