/** What one scenario is given. */
export interface Context {
  /** A small form of the same, for CI. */
  short: boolean;
  /** Numbers between 0 and 1, the same in each run with the same seed. */
  random: () => number;
  log: (line: string) => void;
  /** Aborted when the run is stopped, or something ended that must not. */
  signal: AbortSignal;
  /** Ends the scenario with this error. */
  fail: (error: Error) => void;
  /** Called at the end, the last given first, however the scenario ended. */
  defer: (close: () => unknown) => void;
}

/** What the referee found, as the table shows it. */
export interface Outcome {
  load: string;
  lost: number;
  reordered: number;
  staleSeconds: number;
  changedDuplicates: number;
  /** Other figures, such as `heartbeat lateness 3.1 s`. */
  notes: string[];
  /** A sentence for each figure that is not what it must be. */
  faults: string[];
}

export interface Scenario {
  /** What it shows, in a line for `--help`. */
  about: string;
  /** Part of the run for CI. */
  inShort: boolean;
  /** Where nothing else may take the processor meanwhile. */
  alone?: boolean;
  run(context: Context): Promise<Outcome>;
}
