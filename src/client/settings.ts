import { MAX_GROUPS } from '../report';
import { checkNumber, ConfigurationError } from '../report/configuration-error';
import { object } from '../report/fields';
import { checkOptionNames } from '../report/option-names';
import { eachSetting, HEARTBEAT_RANGES, type HeartbeatSettings } from '../task-state';

/** Groups per stream: one number for all streams, or a number by stream name. 0 makes every task a group of one. */
export type GroupsOption = number | Record<string, number>;

/** How heartbeats are made; what is absent has its default, or, of a client, is as the worker has it. */
export type HeartbeatOptions = Partial<HeartbeatSettings>;

/** The numbers of groups that are set. */
export interface GroupsSetting {
  /** Undefined where none is set for the stream. */
  of(progressUpdateStream: string): number | undefined;
}

/** Checks the option. @throws ConfigurationError for a number out of range, and for what is neither a number nor an object of these */
export function groupsSetting(groups: GroupsOption | undefined): GroupsSetting {
  const check = (count: unknown) => checkNumber('groups', count, { min: 0, max: MAX_GROUPS, whole: true });
  if (groups === undefined) return { of: () => undefined };
  if (typeof groups === 'number' || object(groups)) {
    check(groups);
    return { of: () => groups as number };
  }
  const byStream = new Map(Object.entries(groups));
  byStream.forEach(check);
  return { of: (stream) => byStream.get(stream) };
}

/** Fills in the defaults. @throws ConfigurationError naming the setting that is out of range or misspelt */
export function heartbeatSettings(given: HeartbeatOptions = {}): HeartbeatSettings {
  checkOptionNames<HeartbeatOptions>('heartbeat', given, { ...HEARTBEAT_RANGES, deadlineSearchAttribute: true });
  const { deadlineSearchAttribute = false, ...options } = given;
  if (typeof deadlineSearchAttribute !== 'boolean')
    throw new ConfigurationError(
      `deadlineSearchAttribute is ${JSON.stringify(deadlineSearchAttribute)}, but it must be true or false`,
    );
  return eachSetting((name, { standard, ...range }) => {
    const value = options[name] ?? standard;
    checkNumber(name, value, range);
    return value;
  }, deadlineSearchAttribute);
}
