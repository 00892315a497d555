/** @module Pure: what a report is, its limits, validation and errors. */
export * from './types';
export * from './limits';
export * from './names';
export * from './group-numbers';
export { toEpochSeconds } from './epoch-seconds';
export { InvalidReportError } from './invalid-report-error';
export { validateReport } from './validate';
