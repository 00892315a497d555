import { closedObject, settingCheck } from '../settings/setting-check';

/** The version of the format. It rises when older emulators could not read what is written, or would misread it. */
export const STATE_VERSION = 1;
const FORMAT = 'migration-hub-emulator';

/** The settings that change what a call does: a state file is replayed only with the settings it was written with. */
export type ReplaySettings = Record<string, unknown>;

/** The first line of a state file. */
export interface Header {
  /** Identifies the format. */
  format: typeof FORMAT;
  /** The version of the format. */
  version: number;
  /** The settings with which the file was written. */
  settings: ReplaySettings;
}

/** A write call, with everything that is needed to carry it out again. */
export interface RecordedCall {
  /** The service in X-Amz-Target. */
  service: string;
  /** The operation. */
  operation: string;
  /** The input. */
  input: object;
  /** The account of the caller; absent for a call without a signature. */
  account?: string;
  /** The region that the call was signed for; absent for a call without a signature. */
  region?: string;
}

/** A further line: a call and when it was applied (epoch seconds by the emulator's clock), or a whole state. */
export type StateLine = { at: number; call: RecordedCall } | { state: unknown };

/** The first line of a new state file. */
export const header = (settings: ReplaySettings): Header => ({ format: FORMAT, version: STATE_VERSION, settings });

const text = { type: 'string', minLength: 1 };

/**
 * Checks the first line; of other versions, too.
 * @throws SettingError when it is not the first line of a state file
 */
export const checkHeader = settingCheck<Header>(
  {
    type: 'object',
    properties: { format: { const: FORMAT }, version: { type: 'integer' }, settings: { type: 'object' } },
    required: ['format', 'version'],
  },
  'It',
);

/**
 * Checks a further line.
 * @throws SettingError when it is not a line of a state file
 */
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
