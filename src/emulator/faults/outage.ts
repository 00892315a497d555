import { closedObject, settingCheck } from '../settings/setting-check';
import type { Fault, OutageSetting } from './types';

/** The current outage, as `GET /_mgh/outage` shows it. Times are epoch seconds by the emulator's clock. */
export interface OutageState {
  /** The kind of outage. */
  type: OutageSetting['type'];
  /** When it began. */
  since: number;
  /** When it ends; null: when it is cleared. */
  until: number | null;
}

const check = settingCheck<OutageSetting>(
  closedObject(
    { type: { enum: ['refuse', 'html-503', 'hang'] }, forSeconds: { type: 'number', exclusiveMinimum: 0 } },
    ['type'],
  ),
  'The outage',
);

const faults: Record<OutageSetting['type'], Fault> = {
  refuse: { name: 'outage-refuse', action: { type: 'reset' } },
  'html-503': { name: 'outage-html-503', action: { type: 'html-503' } },
  hang: { name: 'outage-hang', action: { type: 'hang' } },
};

/** The outage, during which no AWS call is carried out. */
export class Outage {
  private current: { setting: OutageSetting; since: number } | undefined;

  /** @param now the emulator's clock, epoch seconds */
  constructor(private readonly now: () => number) {}

  /**
   * Begins an outage now, in place of the current one.
   * @throws SettingError when the setting is not valid
   */
  set(setting: unknown): void {
    this.current = { setting: { ...check(setting) }, since: this.now() };
  }

  /** Ends the outage. */
  clear(): void {
    this.current = undefined;
  }

  /** The current outage; null when there is none. */
  show(): OutageState | null {
    if (!this.current) return null;
    const { setting, since } = this.current;
    const until = since + (setting.forSeconds ?? Infinity);
    if (this.now() >= until) return null;
    return { type: setting.type, since, until: until === Infinity ? null : until };
  }

  /** The fault that hits a call now; undefined when there is no outage. */
  fault(): Fault | undefined {
    const current = this.show();
    return current ? faults[current.type] : undefined;
  }
}
