/** @module Pure: what a report is, its limits, validation and errors. */
export * from './types';
export * from './application';
export * from './limits';
export * from './names';
export * from './group-numbers';
export * from './summary';
export { isEpochSeconds, toEpochSeconds } from './epoch-seconds';
export { InvalidReportError, refusalOf } from './invalid-report-error';
export { validateReport } from './validate';
export { changeOf, receivedChange } from './attachment';
export type {
  Attaching,
  AttachmentChange,
  AttachmentKind,
  NamedAttachment,
  TaskArtifact,
  TaskSourceResource,
} from './attachment';
export { validateActivityOptions, validateApplication, validateApplicationOptions } from './validate-application';
