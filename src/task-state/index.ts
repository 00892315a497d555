/** @module Pure: what becomes of a task's reports. No Temporal, no AWS, no clock. */
export * from './types';
export * from './record';
export { accept } from './accept';
export { mayFollow } from './registered';
export { sentAt, stamp } from './notify';
export { SUPERSEDED, WORKER_LOST } from './failed';
export type { Round } from './round';
export { toRounds } from './batches';
export { roundSummary } from './in-words';
export { eachSetting, HEARTBEAT_RANGES, phaseOf, usableSettings, wrongSettings } from './heartbeat-settings';
export { usableInput, type HeartbeatInput } from './heartbeat-input';
export { fitPayload, fitsPayload } from './fit-payload';
export { CANCELLED_DETAIL, TaskGroup } from './task-group';
export { receive } from './receive';
export { answer } from './answer';
export { earliest } from './due-times';
export { deliveryNews } from './delivery-news';
export { deliveryOf, newestStateOf, FRESHNESS, type Freshness, type ReportedState, type TaskStateView } from './view';
