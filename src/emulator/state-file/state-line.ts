import { closedObject, settingCheck } from '../settings/setting-check';

/** Rises when older emulators could not read what is written, or would read it wrongly. */
export const STATE_VERSION = 1;
const FORMAT = 'migration-hub-emulator';

/** Settings that decide what a call does: replayed under others, the same calls would lead to another state. */
export type ReplaySettings = Record<string, unknown>;

/** The first line. */
export interface Header {
  format: typeof FORMAT;
  version: number;
  settings: ReplaySettings;
}

/** A call that changed something, enough to carry it out again. */
export interface RecordedCall {
  service: string;
  operation: string;
  input: object;
  /** The account and region that it was signed for; absent for a call without a signature. */
  account?: string;
  region?: string;
}

/** A further line: a call and when it was applied (epoch seconds, the emulator's clock), or a whole state. */
export type StateLine = { at: number; call: RecordedCall } | { state: unknown };

export const header = (settings: ReplaySettings): Header => ({ format: FORMAT, version: STATE_VERSION, settings });

const text = { type: 'string', minLength: 1 };

/** Throws a SettingError for what is no header of ours, of whatever version. */
export const checkHeader = settingCheck<Header>(
  {
    type: 'object',
    properties: { format: { const: FORMAT }, version: { type: 'integer' }, settings: { type: 'object' } },
    required: ['format', 'version'],
  },
  'It',
);

export const checkStateLine = settingCheck<StateLine>(
  {
    ...closedObject({
      at: { type: 'number' },
      call: closedObject({ service: text, operation: text, input: { type: 'object' }, account: text, region: text }, [
        'service',
        'operation',
        'input',
      ]),
      state: {},
    }),
    if: { required: ['state'] },
    then: { maxProperties: 1 },
    else: { required: ['at', 'call'] },
  },
  'It',
);
