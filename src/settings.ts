import { checkNumber } from './configuration-error';
import { DEFAULT_HEARTBEAT_FRACTION, type HeartbeatSettings } from './task-state';

/** Groups per stream: one number for all streams, or a number by stream name. 0 (the default) makes every task a group of one. */
export type GroupsOption = number | Record<string, number>;

export type HeartbeatOptions = Partial<HeartbeatSettings>;

/** What decides which workflow speaks for a task, and how. */
export interface ReportSettings {
  heartbeat: HeartbeatSettings;
  groupsOf: (progressUpdateStream: string) => number;
}

export function groupsOf(groups: GroupsOption = 0): (progressUpdateStream: string) => number {
  const check = (count: unknown) => checkNumber('groups', count, { min: 0, max: 10_000, whole: true });
  if (typeof groups === 'number') {
    check(groups);
    return () => groups;
  }
  const byStream = new Map(Object.entries(groups));
  byStream.forEach(check);
  return (stream) => byStream.get(stream) ?? 0;
}

/** Fills in the defaults. @throws ConfigurationError naming the setting. */
export function heartbeatSettings(options: HeartbeatOptions = {}): HeartbeatSettings {
  const settings = {
    heartbeatFraction: DEFAULT_HEARTBEAT_FRACTION,
    lingerSeconds: 3600,
    batchSize: 100,
    batchWindowSeconds: 2,
    maxHistoryEvents: 4000,
    ...options,
  };
  const within = (name: keyof HeartbeatSettings, min: number, max: number) =>
    checkNumber(name, settings[name], { min, max });
  within('heartbeatFraction', 0.1, 0.8);
  within('lingerSeconds', 0, 365 * 86_400);
  within('batchSize', 1, 500);
  within('batchWindowSeconds', 0, 60);
  within('maxHistoryEvents', 50, 4600);
  return settings;
}
