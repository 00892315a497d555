import { DEFAULT_HEARTBEAT_FRACTION, stableHash } from '../report';
import type { HeartbeatSettings } from './types';

interface Range {
  standard: number;
  min: number;
  max: number;
  whole: boolean;
}

/** The settings that are numbers. */
type Numbers = Omit<HeartbeatSettings, 'deadlineSearchAttribute'>;

/** Default and range of each setting that is a number; the units are those of `HeartbeatSettings`. */
export const HEARTBEAT_RANGES: Readonly<Record<keyof Numbers, Range>> = {
  heartbeatFraction: { standard: DEFAULT_HEARTBEAT_FRACTION, min: 0.1, max: 0.8, whole: false },
  lingerSeconds: { standard: 3600, min: 0, max: 365 * 86_400, whole: false },
  silenceLimitSeconds: { standard: 0, min: 0, max: 10 * 365 * 86_400, whole: false },
  batchSize: { standard: 500, min: 1, max: 1000, whole: true },
  batchWindowSeconds: { standard: 2, min: 0, max: 60, whole: false },
  maxHistoryEvents: { standard: 500, min: 50, max: 4600, whole: true },
};

const NAMES = Object.keys(HEARTBEAT_RANGES) as (keyof Numbers)[];

/** Settings from `settingOf`, which is given the name and range of each that is a number. */
export const eachSetting = (
  settingOf: (name: keyof Numbers, range: Range) => number,
  deadlineSearchAttribute: boolean,
): HeartbeatSettings => ({
  ...(Object.fromEntries(NAMES.map((name) => [name, settingOf(name, HEARTBEAT_RANGES[name])])) as unknown as Numbers),
  deadlineSearchAttribute,
});

const fieldsOf = (given: unknown): Record<string, unknown> =>
  typeof given === 'object' && given !== null ? { ...given } : {};

/**
 * What a heartbeat workflow can work with, of what it was started with: anybody may start it by a signal, without settings or
 * with wrong ones, and nothing may then stop it. Those out of range get the nearest value in range.
 */
export function givenSettings(given: unknown): Partial<HeartbeatSettings> {
  const settings = fieldsOf(given);
  const usable: Partial<Numbers> = {};
  for (const name of NAMES) {
    const value = settings[name];
    if (typeof value !== 'number' || Number.isNaN(value)) continue;
    const { min, max, whole } = HEARTBEAT_RANGES[name];
    const within = Math.min(max, Math.max(min, value));
    usable[name] = whole ? Math.floor(within) : within;
  }
  const { deadlineSearchAttribute } = settings;
  return typeof deadlineSearchAttribute === 'boolean' ? { ...usable, deadlineSearchAttribute } : usable;
}

/** The same, with the default of what is missing. */
export function usableSettings(given: unknown): HeartbeatSettings {
  const usable = givenSettings(given);
  return eachSetting((name, { standard }) => usable[name] ?? standard, usable.deadlineSearchAttribute ?? false);
}

/** Whether each setting is given. */
export const hasAllSettings = (given: Partial<HeartbeatSettings>): boolean =>
  [...NAMES, 'deadlineSearchAttribute' as const].every((name) => given[name] !== undefined);

/** Names of settings that are given and cannot be used as they are. */
export function wrongSettings(given: unknown): string[] {
  const settings = fieldsOf(given);
  const usable = usableSettings(given);
  const { deadlineSearchAttribute = false } = settings;
  return [
    ...NAMES.filter((name) => settings[name] !== undefined && settings[name] !== usable[name]),
    ...(typeof deadlineSearchAttribute === 'boolean' ? [] : ['deadlineSearchAttribute']),
  ];
}

/** The share, 0–0.1, by which the heartbeats of a heartbeat workflow are brought forward, so that not all groups send at the same moment. */
export const phaseOf = (workflowId: string): number => (stableHash(workflowId) % 1000) / 10_000;
