import type { SignatureCheck } from './http/signatures';
import type { Strictness, Switches } from './hub/switches';

/** A migration task as `GET /_mgh/tasks` shows it. Times are epoch seconds; null until a first notification came. */
export interface EmulatorTask {
  /** The account that the caller's signature named; `123456789012` for calls without one. */
  account: string;
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
  /** What hit the request: the type of a fault rule's action, `token-bucket`, or an outage; else null. */
  fault: FaultName | null;
  /** The JSON body as sent; the raw text when it was not JSON, or was cut. */
  body: unknown;
  /** Whether the body was too long to keep: `body` is then the first 16,384 characters of its text. */
  bodyCut: boolean;
  /** The x-amzn-requestid answered. */
  requestId: string;
}

/** How a throttled call is answered, by a fault rule or by `throttleAt`. */
interface ThrottleForm {
  /** 400 (default), as the AWS documentation says, or 429, as the Smithy model says. */
  httpStatus?: 400 | 429;
  /** Where the seconds to wait stand: `RetryAfterSeconds` in the body (default), the Retry-After header, or both. */
  retryAfterIn?: 'body' | 'header' | 'both';
}

/**
 * What a fault does to a request. The work is done, that is, the call judged and carried out as if there were no fault,
 * by `slow`, `apply-then-reset`, `apply-then-hang`, `truncate` and `empty-body`; by no other.
 */
export type FaultAction =
  /** ThrottlingException; `retryAfterSeconds` is an integer from 0, default 1. */
  | ({ type: 'throttle'; retryAfterSeconds?: number } & ThrottleForm)
  /** ServiceUnavailableException, 500. */
  | { type: 'service-unavailable' }
  /** A load balancer's 503 page, not JSON. */
  | { type: 'html-503' }
  /** 400 with the text `Bad Request`, not JSON: no AWS error can be read from it. */
  | { type: 'text-400' }
  /** InternalServerError, 500. */
  | { type: 'internal' }
  /** AccessDeniedException (UnauthorizedOperation for a dry run), 400. */
  | { type: 'access-denied' }
  /** HomeRegionNotSetException, 400. */
  | { type: 'home-region-not-set' }
  /** PolicyErrorException, 400. */
  | { type: 'policy-error' }
  /** ExpiredTokenException, 400. */
  | { type: 'expired-token' }
  /**
   * InvalidSignatureException, 400, and a Date header that is `skewSeconds` ahead of the real time; default 900, negative
   * for behind. AWS clients take their clock for wrong and sign later calls by that Date.
   */
  | { type: 'invalid-signature'; skewSeconds?: number }
  /** The connection is reset before any work. */
  | { type: 'reset' }
  /** The work is done, then the connection is reset: the caller cannot know. */
  | { type: 'apply-then-reset' }
  /** The work is done, then no answer, ever; the connection stays open. */
  | { type: 'apply-then-hang' }
  /** The work is done; the answer promises its whole length, breaks off in the middle, and the connection is closed. */
  | { type: 'truncate' }
  /** 200 with a body that is no JSON. Nothing is applied: something in between answered for the service. */
  | { type: 'bad-json' }
  /** The work is done, and answered by 200 without a body. What is refused is answered as ever. */
  | { type: 'empty-body' }
  /** No answer, ever; the connection stays open. */
  | { type: 'hang' }
  /** Waits `ms` milliseconds, then works and answers, even when the caller has given up: a late zombie. */
  | { type: 'slow'; ms: number };

/** What `GET /_mgh/requests` calls the thing that hit a request. */
export type FaultName = FaultAction['type'] | 'token-bucket' | `outage-${OutageSetting['type']}`;

/** A total outage: no AWS call is carried out. The admin door always answers. */
export interface OutageSetting {
  /** `refuse`: every connection that brings a call is reset; `html-503`: a load balancer's page; `hang`: no answer. */
  type: 'refuse' | 'html-503' | 'hang';
  /** Seconds until it ends by itself, by the emulator's clock; default: when it is cleared. */
  forSeconds?: number;
}

/** A realistic throttle: a token bucket, refilled by real time whatever the emulator's clock shows. */
export interface ThrottleSetting extends ThrottleForm {
  /** Calls a second that pass in the long run; above 0, fractions allowed, at most 1,000,000. */
  ratePerSecond: number;
  /** Calls that pass at once after a rest, an integer from 1; default `ratePerSecond`, rounded up. */
  burst?: number;
}

/**
 * The emulator's clock, in epoch seconds. It decides about staleness, about the ends of faults and outages, and about
 * deletions that take time; never about the Date header, signatures, the throttle or `slow`.
 *
 * `set` and `advance` move it and neither start nor stop it: a running clock runs on from there, a frozen one stands there.
 * For exact times freeze it first.
 * Methods throw a SettingError for a time that is not one.
 */
export interface EmulatorClock {
  now(): number;
  /** Makes it this time, 0 to the end of the year 9999. May go back: then a stretch of staleness may count twice. */
  set(epochSeconds: number): void;
  /** Moves it forward by so many seconds, 0 or more. */
  advance(seconds: number): void;
  /** Stops it; does nothing to a clock that stands still. */
  freeze(): void;
  /** Undoes all of the above: it shows the real time again, and runs. */
  resume(): void;
}

/** What `GET /_mgh/staleness` answers. Times are epoch seconds by the emulator's clock, to three decimals. */
export interface StalenessReport {
  /** When it was judged. */
  now: number;
  /** Tasks that are stale now. */
  staleTasks: number;
  /** Tasks that are stale or ever were. */
  everStaleTasks: number;
  /** All stale seconds of all tasks so far. */
  seconds: number;
  /** All tasks in order of their first import. */
  tasks: {
    account: string;
    progressUpdateStream: string;
    migrationTaskName: string;
    stale: boolean;
    seconds: number;
    /** In order; `to` is null while the task is still stale. */
    intervals: { from: number; to: number | null }[];
  }[];
}

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
  /** Address to listen on; default 127.0.0.1 and, where there is IPv6, ::1, so that `localhost` works. */
  host?: string;
  /** The home region of every account at first, null for none; default us-west-2. */
  homeRegion?: string | null;
  /** `strict` (default): what the model and the documentation take; `relaxed`: also what AWS might take. */
  strictness?: Strictness;
  /** Undocumented behaviours, by name: see SWITCHES. Default: as `strictness` says. */
  switches?: Partial<Switches>;
  /** What is asked of signatures; default `off`. */
  signatures?: SignatureCheck;
  /** Seconds that DeleteProgressUpdateStream takes; default 5. */
  streamDeletionSeconds?: number;
  /** State updates kept of each task for ListMigrationTaskUpdates, the newest; default 100. Of many tasks fewer are kept: at least 10 each. */
  historyPerTask?: number;
  /** What the emulator's clock takes for real time, epoch milliseconds; default `Date.now`. */
  now?: () => number;
  /** Requests that the journal keeps, an integer from 1 to 10,000,000; default 10,000. */
  journalSize?: number;
  /** From which rate on calls are throttled; default: never. `POST /_mgh/throttle` changes it. */
  throttleAt?: ThrottleSetting;
  /**
   * A file that outlives the process: every write is on disk before it is answered, and read again at the next start.
   * Made when it is not there; one process at a time. Default: none, all state is in memory.
   */
  stateFile?: string;
}

/** A running emulator. */
export interface Emulator {
  /** Where it listens, e.g. `http://127.0.0.1:4599`: the `endpoint` of an AWS client. */
  readonly url: string;
  readonly port: number;
  readonly clock: EmulatorClock;
  /** All tasks in order of their first import, judged now. */
  tasks(): EmulatorTask[];
  /** How long each task was stale, whether anyone looked or not. */
  staleness(): StalenessReport;
  /** The journal in order of arrival: the last requests, as many as `journalSize` says. */
  requests(filter?: { operation?: string; task?: string }): JournalEntry[];
  /** Replaces all fault rules and starts their counters anew. Throws a FaultRuleError that names the bad field. */
  setFaults(rules: FaultRule[]): void;
  clearFaults(): void;
  /** Begins an outage, in place of one that is on. Throws a SettingError that names the bad field. */
  setOutage(outage: OutageSetting): void;
  clearOutage(): void;
  /** Throttles from this rate on, with a full bucket. Throws a SettingError that names the bad field. */
  setThrottle(throttle: ThrottleSetting): void;
  clearThrottle(): void;
  /** All that Migration Hub holds, as JSON that `seed` takes back. Journal, faults and clock are not part of it. */
  state(): object;
  /**
   * Replaces all that Migration Hub holds. Throws a SettingError that names the bad field, and changes nothing
   * then; so does an Error when the state file cannot be written.
   */
  seed(state: unknown): void;
  /**
   * Forgets streams, tasks, journal, counters, fault rules and outage, resumes the clock, and sets the throttle back to
   * `throttleAt`; port and other settings stay. Throws an Error, and forgets nothing, when the state file cannot be written.
   */
  reset(): void;
  /** Stops listening, cuts every connection, hanging ones too, and closes the state file. */
  close(): Promise<void>;
  /** `await using` closes it (where the runtime has `Symbol.asyncDispose`). */
  [Symbol.asyncDispose](): Promise<void>;
}
