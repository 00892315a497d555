import { closedObject, settingCheck } from '../settings/setting-check';
import type { FaultAction, FaultName, OutageSetting } from '../types';

const check = settingCheck<OutageSetting>(
  closedObject(
    { type: { enum: ['refuse', 'html-503', 'hang'] }, forSeconds: { type: 'number', exclusiveMinimum: 0 } },
    ['type'],
  ),
  'The outage',
);

const faults: Record<OutageSetting['type'], { name: FaultName; action: FaultAction }> = {
  refuse: { name: 'outage-refuse', action: { type: 'reset' } },
  'html-503': { name: 'outage-html-503', action: { type: 'html-503' } },
  hang: { name: 'outage-hang', action: { type: 'hang' } },
};

/** The switch that turns every AWS call away; the admin door stays open. `now` answers epoch seconds. */
export class Outage {
  private current: { setting: OutageSetting; since: number } | undefined;

  constructor(private readonly now: () => number) {}

  /** Begins an outage now, in place of one that is on; throws a SettingError for a setting that cannot be used. */
  set(setting: unknown): void {
    this.current = { setting: { ...check(setting) }, since: this.now() };
  }

  clear(): void {
    this.current = undefined;
  }

  /** The outage that is on, with when it began and when it ends (null: when it is cleared). */
  show(): { type: OutageSetting['type']; since: number; until: number | null } | null {
    if (!this.current) return null;
    const { setting, since } = this.current;
    const until = since + (setting.forSeconds ?? Infinity);
    if (this.now() >= until) return null;
    return { type: setting.type, since, until: until === Infinity ? null : until };
  }

  /** What it does to a call now. */
  fault(): { name: FaultName; action: FaultAction } | undefined {
    const on = this.current && this.show();
    return on ? faults[on.type] : undefined;
  }
}
