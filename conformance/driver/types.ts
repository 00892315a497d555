/** What a row expects of a call, or what a client is known to make of it. */
export type Expectation =
  /** The output has at least this: see `matches`. */
  | { ok: unknown }
  /** The error has this name (`*`: any), and the answer this status. */
  | { error: string; httpStatus: number };

/** One call, as a runner makes it. */
export interface CallStep {
  /** The prefix in X-Amz-Target. */
  service: string;
  operation: string;
  /** Times are epoch seconds. */
  input: Record<string, unknown>;
  /** What the client signs for. */
  region: string;
  /** Name of a value, and where in the output it is; later steps have it as `<<name>>`. */
  capture?: Record<string, string>;
  /** A step of the setup that is allowed to fail. */
  mayFail?: boolean;
  /** Use the client's own paginator, and count what it yields. */
  paginate?: { list: string; key: string };
}

/** A request to the emulator's admin API. */
export interface AdminStep {
  admin: string;
  body: unknown;
}

/** A row as a runner gets it: all that is to be done, and nothing of what is expected. */
export interface RunnerRow {
  id: string;
  setup: (CallStep | AdminStep)[];
  call: CallStep;
  /** The input is bad on purpose: checks of the client itself are to be off, where they can be. */
  badInput: boolean;
}

/** A row as the driver keeps it. */
export interface Row extends RunnerRow {
  title: string;
  expect: Expectation;
  /** Run by the clients that are slow to start, too. */
  smoke: boolean;
  /** AWS documents nothing about it: the emulator's default is expected. */
  choice: boolean;
}

/** What a runner writes for a row, one JSON object a line. */
export interface Result {
  id: string;
  verdict:
    | 'ok'
    | 'error'
    /** The client's own check refused the input: nothing was sent. */
    | 'refused-by-client'
    /** The client has no way to say this. */
    | 'not-expressible'
    | 'setup-failed';
  /** The name of the error. */
  code?: string;
  /** Null where the client does not tell. */
  httpStatus?: number | null;
  /** The output with times as epoch seconds, without absent members. */
  output?: unknown;
  /** For people: the message of an error, or why something cannot be expressed. */
  reason?: string;
}
