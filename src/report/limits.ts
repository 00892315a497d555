/** @module Limits of the Migration Hub model (2017-05-31), and ours. */

/** Of ProgressUpdateStream, in code points. */
export const MAX_STREAM_LENGTH = 50;
/** Of MigrationTaskName, in code points. */
export const MAX_TASK_NAME_LENGTH = 256;
/** Of StatusDetail, in code points. */
export const MAX_STATUS_DETAIL_LENGTH = 2500;
/** The model has no maximum; its type is a 32-bit integer. */
export const MAX_NEXT_UPDATE_SECONDS = 2_147_483_647;
/** Of ApplicationId, in code points. */
export const MAX_APPLICATION_ID_LENGTH = 1600;
/** So long the state of an application may be tried, in seconds: a week. */
export const MAX_APPLICATION_SECONDS = 604_800;
/** Where a report sets no `nextUpdateSeconds`. */
export const DEFAULT_NEXT_UPDATE_SECONDS = 3600;
/** A terminal notification is the last one: its deadline is put a year away. */
export const TERMINAL_NEXT_UPDATE_SECONDS = 365 * 86_400;
/** Share of `nextUpdateSeconds` after which a heartbeat is due. */
export const DEFAULT_HEARTBEAT_FRACTION = 1 / 3;
/** Calls to Migration Hub at once within one batch, by default; the batch's time-out is reckoned with it. */
export const DEFAULT_CONCURRENCY = 20;
/** How many groups the tasks of a stream may share. */
export const MAX_GROUPS = 10_000;
/** Room a heartbeat needs before the deadline: three retries, one request timeout, one lost worker. */
export const NEEDED_ROOM_SECONDS = 30;
/** What no retry cures is tried again so many seconds later, and no sooner: somebody may have mended it. */
export const UNCURED_RETRY_SECONDS = 30;
/** Labels travel with the task's state; ours, to keep that small. */
export const MAX_LABELS_LENGTH = 1000;
/** How many characters of a refused value an error message shows. */
export const SHOWN_VALUE_LENGTH = 60;
/** Of ids of heartbeat workflows, in bytes: what Temporal servers on MySQL or PostgreSQL take at least (`limit.maxIDLength`). */
export const MAX_OWN_ID_BYTES = 255;
/** Of ids of workflows, runs and reporters: what Temporal takes by default (`limit.maxIDLength`). */
export const MAX_ID_LENGTH = 1000;
/** Attributes of one PutResourceAttributes. */
export const MAX_RESOURCE_ATTRIBUTES = 100;
/** Of CreatedArtifactName, SourceResourceName and ConfigurationId, in code points. */
export const MAX_RESOURCE_NAME_LENGTH = 1600;
/** Of the descriptions of artifacts and resources, in code points. */
export const MAX_DESCRIPTION_LENGTH = 500;
/** Artifacts and resources of a task that its heartbeat workflow remembers; ours, to keep its state small. */
export const MAX_ATTACHMENTS = 50;
