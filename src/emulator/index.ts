/** `temporal-migration-hub/emulator`: AWS Migration Hub on a port, for tests. See docs/emulator.md. */
export type { Emulator, Judgement } from './emulator';
export { FaultRuleError } from './faults/fault-rule-check';
export type {
  FaultAction,
  FaultMatch,
  FaultName,
  FaultRule,
  InvalidSignatureAction,
  OutageSetting,
  SlowAction,
  ThrottleAction,
  ThrottleForm,
  ThrottleSetting,
} from './faults/types';
export type { StalenessReport, TaskStaleness } from './hub/staleness-report';
export {
  SWITCHES,
  SwitchError,
  type Strictness,
  type SwitchDescription,
  type Switches,
  type SwitchName,
} from './hub/switches';
export type { EmulatorTask } from './hub/task-snapshot';
export type { SignatureCheck } from './http/signatures';
export type { JournalEntry, JournalFilter } from './journal/journal';
export type { EmulatorOptions } from './options';
export { SettingError } from './settings/setting-error';
export { startEmulator } from './start-emulator';
export type { EmulatorClock } from './time/clock';
export type { Staleness, StaleInterval } from './time/staleness-ledger';
