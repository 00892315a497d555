/** @module Pure: what becomes of a task's reports. No Temporal, no AWS, no clock. */
export * from './types';
export * from './record';
export { accept, mergedLabels } from './accept';
export { foundDetail, mayFollow } from './registered';
export { sentAt, stamp } from './notify';
export { SUPERSEDED, WORKER_LOST } from './failed';
export type { Round } from './round';
export { toRounds } from './batches';
export { attachmentInWords, roundSummary } from './in-words';
export {
  eachSetting,
  givenSettings,
  HEARTBEAT_RANGES,
  phaseOf,
  usableSettings,
  wrongSettings,
} from './heartbeat-settings';
export { usableInput, type HeartbeatInput } from './heartbeat-input';
export { fitPayload, fitsPayload } from './fit-payload';
export type { LeftOut } from './carried';
export { CANCELLED_DETAIL, TaskGroup } from './task-group';
export { receive, receiveChange } from './receive';
export { goesOnAfter } from './attachments';
export { answer } from './answer';
export { earliest } from './due-times';
export { deliveryNews } from './delivery-news';
export {
  deliveryOf,
  hasUntried,
  isReported,
  newestStateOf,
  FRESHNESS,
  type Freshness,
  type ReportedState,
  type TaskStateView,
} from './view';
