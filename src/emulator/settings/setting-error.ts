/**
 * A setting of the emulator that cannot be used: a fault rule, an outage, a throttle, a time, a state or a state file,
 * given to a method or to `/_mgh/`. The message names the field and a valid value. Nothing was changed.
 */
export class SettingError extends Error {
  /** `SettingError`, or the name of the subclass. */
  override readonly name: string = 'SettingError';
}
