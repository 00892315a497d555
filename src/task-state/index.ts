/** @module Pure: what a task is and what becomes of its reports. No Temporal, no AWS, no clock. */
export * from './types';
export * from './limits';
export * from './names';
export { toStatusDetail } from './status-detail';
export { toEpochSeconds } from './epoch-seconds';
export { InvalidReportError, checkIdentity, checkNextUpdateSeconds, validateReport } from './validate';
export * from './record';
export { accept, type Acceptance } from './accept';
export { delivered, failed, heartbeatDueAt, registered, registrationFailed, sendDueAt, stamp } from './notify';
export { freshnessOf, toView, type Freshness, type TaskStateView } from './view';
