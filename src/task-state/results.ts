import type { NotifyFailure, ReadBack } from './types';

/** What the activities of the heartbeat workflow answer: plain JSON, kept in histories. */

/** What became of registering one task. */
export type Registration =
  | { found?: ReadBack; /** Why Migration Hub could not be read back. */ unread?: NotifyFailure }
  | { failure: NotifyFailure }
  | {
      /** Nothing was registered: this heartbeat workflow, of another number of groups, speaks for the task. */ heldBy: string;
    };

/** Why the attributes of one task were not taken; empty where they were. */
export interface AttributesOutcome {
  failure?: NotifyFailure;
}

/** How the latest run of an owner has ended; `NOT_FOUND` where Temporal does not know it any more. */
export type OwnerEnd = 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TERMINATED' | 'TIMED_OUT' | 'NOT_FOUND';

/** Asks, before a notification is sent, whether the workflow it speaks for is still open. */
export interface OwnerQuestion {
  workflowId: string;
  /** Other workflows that have reported of the task: it is not abandoned while one of them is open. */
  others?: string[];
  /** It repeats what was delivered; else it carries a report that has waited. */
  heartbeat: boolean;
}

/** What became of one notification, which time it carried, and at which attempt of the activity. */
export type Outcome = { attempts: number; updateDateTime: number } & (
  | { delivered: true; /** Migration Hub had forgotten the task, its attributes too. */ registeredAnew?: true }
  | { failure: NotifyFailure }
  | { /** It was not sent: who it speaks for is gone. */ ownerEnd: OwnerEnd }
);
