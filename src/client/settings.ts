import { checkNumber } from '../report/configuration-error';
import { MAX_GROUPS } from '../report';
import { eachSetting, type HeartbeatSettings } from '../task-state';

/** Groups per stream: one number for all streams, or a number by stream name. 0 (the default) makes every task a group of one. */
export type GroupsOption = number | Record<string, number>;

export type HeartbeatOptions = Partial<HeartbeatSettings>;

/** What decides which workflow speaks for a task, and how. */
export interface ReportSettings {
  heartbeat: HeartbeatSettings;
  groupsOf: (progressUpdateStream: string) => number;
}

export function groupsOf(groups: GroupsOption = 0): (progressUpdateStream: string) => number {
  const check = (count: unknown) => checkNumber('groups', count, { min: 0, max: MAX_GROUPS, whole: true });
  if (typeof groups === 'number') {
    check(groups);
    return () => groups;
  }
  const byStream = new Map(Object.entries(groups));
  byStream.forEach(check);
  return (stream) => byStream.get(stream) ?? 0;
}

/** Fills in the defaults. @throws ConfigurationError naming the setting. */
export const heartbeatSettings = (options: HeartbeatOptions = {}): HeartbeatSettings =>
  eachSetting((name, { standard, ...range }) => {
    const value = options[name] ?? standard;
    checkNumber(name, value, range);
    return value;
  });
