/** A migration task as `GET /_mgh/tasks` shows it. Times are epoch seconds; null until a first notification came. */
export interface EmulatorTask {
  progressUpdateStream: string;
  migrationTaskName: string;
  /** NOT_STARTED, IN_PROGRESS, FAILED or COMPLETED, as last notified. */
  status: string | null;
  /** 0 to 100, as last notified; null when that notification carried none. */
  progressPercent: number | null;
  statusDetail: string | null;
  /** The caller's time of the last notification, fraction kept. */
  updateDateTime: number | null;
  nextUpdateSeconds: number | null;
  /** `updateDateTime + nextUpdateSeconds`: past it a task that is not terminal is stale. */
  deadline: number | null;
  /** Stale at this moment, by the emulator's clock. */
  stale: boolean;
  /** All seconds the task has been stale so far, whether anyone looked or not; three decimals. */
  staleSeconds: number;
  /** The stretches that make up `staleSeconds`, in order; `to` is null while the task is still stale. */
  staleIntervals: { from: number; to: number | null }[];
  /** How many NotifyMigrationTaskState calls were applied. */
  notifications: number;
  /** What the last PutResourceAttributes said. */
  attributes: { type: string; value: string }[];
}

/** One request to `POST /`, as `GET /_mgh/requests` shows it. */
export interface JournalEntry {
  /** When the whole request had arrived, epoch seconds. */
  at: number;
  /** The operation named in X-Amz-Target, known or not; null without such a header. */
  operation: string | null;
  progressUpdateStream: string | null;
  migrationTaskName: string | null;
  /** The status answered; null when nothing was answered (yet): resets, hangs, slow answers on their way. */
  httpStatus: number | null;
  /** The error name (`__type`) answered, null for success. */
  error: string | null;
  /** The type of the fault action that hit the request, else null. */
  fault: FaultAction['type'] | null;
  /** The JSON body as sent; the raw text when it was not JSON. */
  body: unknown;
  /** The x-amzn-requestid answered. */
  requestId: string;
}

/** What a fault does to a request. Nothing is applied except by `apply-then-reset` and `slow`. */
export type FaultAction =
  /** ThrottlingException; `retryAfterSeconds` default 1; `httpStatus` default 400, 429 adds a Retry-After header. */
  | { type: 'throttle'; retryAfterSeconds?: number; httpStatus?: number }
  /** ServiceUnavailableException, 500. */
  | { type: 'service-unavailable' }
  /** A load balancer's 503 page, not JSON. */
  | { type: 'html-503' }
  /** InternalServerError, 500. */
  | { type: 'internal' }
  /** AccessDeniedException (UnauthorizedOperation for a dry run), 400. */
  | { type: 'access-denied' }
  /** HomeRegionNotSetException, 400. */
  | { type: 'home-region-not-set' }
  /** ExpiredTokenException, 400. */
  | { type: 'expired-token' }
  /** The connection is reset before any work. */
  | { type: 'reset' }
  /** The work is done, then the connection is reset: the caller cannot know. */
  | { type: 'apply-then-reset' }
  /** No answer, ever; the connection stays open. */
  | { type: 'hang' }
  /** Waits `ms` milliseconds, then works and answers, even when the caller has given up: a late zombie. */
  | { type: 'slow'; ms: number };

/** One rule of `POST /_mgh/faults`. Rules are asked in order; the first that fires wins, later ones do not see the request. */
export interface FaultRule {
  /** All given members must match; default: every request. */
  match?: {
    operation?: string;
    stream?: string;
    task?: string;
    /** Only the nth (from 1) request that otherwise matches this rule. */
    nth?: number;
  };
  /** Chance to fire, 0 to 1; default 1. */
  probability?: number;
  /** Seed of this rule's own random numbers, an integer; default 1. */
  seed?: number;
  /** How often it fires at most; default: without limit. */
  times?: number;
  /** Seconds from when it was set until it ends, by the emulator's clock; default: without end. */
  forSeconds?: number;
  action: FaultAction;
}

/** How `startEmulator` is set up. */
export interface EmulatorOptions {
  /** TCP port; default 0, any free one. */
  port?: number;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** What GetHomeRegion answers; default us-west-2. */
  homeRegion?: string;
  /** The emulator's clock, epoch milliseconds; default `Date.now`. */
  now?: () => number;
}

/** A running emulator. */
export interface Emulator {
  /** Where it listens, e.g. `http://127.0.0.1:4599`: the `endpoint` of an AWS client. */
  readonly url: string;
  readonly port: number;
  /** All tasks in order of their first import, judged now. */
  tasks(): EmulatorTask[];
  /** The journal in order of arrival; at most the last 200,000 requests. */
  requests(filter?: { operation?: string; task?: string }): JournalEntry[];
  /** Replaces all fault rules and starts their counters anew. Throws a FaultRuleError that names the bad field. */
  setFaults(rules: FaultRule[]): void;
  clearFaults(): void;
  /** Forgets streams, tasks, journal and fault rules; port and settings stay. */
  reset(): void;
  /** Stops listening and cuts every connection, hanging ones too. */
  close(): Promise<void>;
  /** `await using` closes it (where the runtime has `Symbol.asyncDispose`). */
  [Symbol.asyncDispose](): Promise<void>;
}
