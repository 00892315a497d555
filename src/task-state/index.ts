/** @module Pure: what a task is and what becomes of its reports. No Temporal, no AWS, no clock. */
export * from './types';
export * from './limits';
export * from './names';
export { eachSetting, usableSettings } from './heartbeat-settings';
export { toEpochSeconds } from './epoch-seconds';
export { InvalidReportError } from './invalid-report-error';
export { checkIdentity, validateReport } from './validate';
export * from './record';
export { accept, turnAway } from './accept';
export { attributesDueAt, attributesLost, attributesPut } from './attributes';
export { delivered, failed, heartbeatDueAt, registered, registrationFailed, sendDueAt, sentAt, stamp } from './notify';
export { deliveryOf, toView, type Freshness, type TaskStateView } from './view';
