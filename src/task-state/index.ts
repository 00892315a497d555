/** @module Pure: what a task is and what becomes of its reports. No Temporal, no AWS, no clock. */
export * from './types';
export * from './group-ids';
export * from './group-signals';
export { bookHandOver, FORWARD_SECONDS, moveAll, nextHandOver, type HandedTask, type HandOverBatch } from './hand-over';
export { eachSetting, usableSettings } from './heartbeat-settings';
export * from './record';
export * from './results';
export { accept } from './accept';
export { adopt } from './adopt';
export { attributesDueAt, attributesPut } from './attributes';
export {
  delivered,
  failed,
  heartbeatDueAt,
  registered,
  registrationFailed,
  sendDueAt,
  sentAt,
  stamp,
  SUPERSEDED,
} from './notify';
export { ownerQuestion } from './owner';
export { bookAttributes, bookOutcomes, bookRegistrations, type Answers } from './book';
export { fitPayload, fitsPayload } from './fit-payload';
export { CANCELLED_DETAIL, earliest, TaskGroup } from './task-group';
export { dueNow, nextDueAt } from './due';
export { hear } from './hear';
export { deliveryOf, toView, type Freshness, type TaskStateView } from './view';
