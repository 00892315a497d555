/**
 * Something the emulator was told to do, in process or through `/_mgh/`, that it cannot do: fault rules, an outage, a
 * throttle, a time, a state. The message names the field and what would be right. Nothing was changed.
 */
export class SettingError extends Error {
  override readonly name: string = 'SettingError';
}
