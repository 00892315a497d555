/** @module Names in dry runs and reads: nothing is created. */

/** In place of a stream. The worker asks at its start with the same name. */
export const CHECK_STREAM = 'temporal-migration-hub-check';
/** In place of a task. */
export const CHECK_TASK = 'temporal-migration-hub-check';
/** In place of an application. */
export const CHECK_APPLICATION = 'd-application-temporal-migration-hub-check';
