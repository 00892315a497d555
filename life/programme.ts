import { seededRandom } from '../src/emulator/faults/seeded-random';

/** How an attempt ends. */
export type End =
  /** `run` returns, or COMPLETED is reported. */
  | 'complete'
  /** `run` throws an ApplicationFailure, or FAILED is reported. */
  | 'fail'
  /** The workflow fails at its first try; Temporal's retry policy makes a second one, which completes. */
  | 'retry'
  /** It has a cron schedule: its first run completes, and its second one is cancelled. */
  | 'cron'
  /** An error that fails only the workflow task; the code is mended later. */
  | 'bug'
  | 'cancel'
  | 'terminate'
  /** The workflow completes, and nobody reports an end. */
  | 'leave'
  /** It is still open when all else is over. */
  | 'open';

/** One try at a migration. */
export interface Attempt {
  /** `migrationTask().run`; the activity by its name, as from another language; or a client outside of workflows. */
  by: 'run' | 'activity' | 'client';
  /** How it begins: under the workflow id of the attempt before, another id, or by a reset of that workflow. */
  start: 'same id' | 'new id' | 'reset';
  /** Seconds before each report, and the percent it reports. */
  reports: { pause: number; percent: number; byChild: boolean }[];
  /** Continues as new after this many reports; 0: never. */
  continuesAfter: number;
  /** After `run` it waits until Migration Hub has its end. */
  isDelivered: boolean;
  end: End;
}

/** What the migrations of one user do. */
export interface Programme {
  seed: number;
  stream: string;
  groups: number;
  tasks: { name: string; attempts: Attempt[] }[];
}

const MOST_ATTEMPTS = 3;
const MOST_REPORTS = 4;
const LONGEST_PAUSE = 6;

/** The programme of a seed: always the same. */
export function programmeOf(seed: number): Programme {
  const random = seededRandom(seed);
  const upTo = (n: number) => Math.floor(random() * (n + 1));
  const oneOf = <T>(...values: [T, ...T[]]): T => values[upTo(values.length - 1)] as T;

  const attempt = (before: Attempt | undefined, isLast: boolean): Attempt => {
    if (before && isResettable(before) && upTo(3) === 0) return { ...before, start: 'reset' };
    const by = before?.end === 'leave' ? oneOf('run', 'activity') : oneOf('run', 'run', 'activity', 'client');
    const reports = Array.from({ length: 1 + upTo(MOST_REPORTS - 1) }, () => ({
      pause: random() * LONGEST_PAUSE,
      percent: upTo(99),
      byChild: by !== 'client' && upTo(4) === 0,
    }));
    const ends: [End, ...End[]] =
      by === 'run'
        ? ['complete', 'complete', 'fail', 'retry', 'cron', 'bug', 'cancel', 'terminate']
        : by === 'activity'
          ? ['complete', 'fail', 'cron', 'cancel', 'terminate', 'leave']
          : ['complete', 'fail'];
    const end = isLast && upTo(3) === 0 ? 'open' : oneOf(...ends);
    const hasOneRun = end !== 'retry' && end !== 'cron';
    const continuesAfter = by === 'run' && hasOneRun && upTo(3) === 0 ? upTo(reports.length) : 0;
    const isDelivered = by === 'run' && upTo(1) === 0;
    return { by, start: oneOf('same id', 'new id'), reports, continuesAfter, isDelivered, end };
  };

  const tasks = Array.from({ length: 1 + upTo(2) }, (_, i) => {
    const count = 1 + upTo(MOST_ATTEMPTS - 1);
    const attempts: Attempt[] = [];
    for (let n = 1; n <= count; n++) attempts.push(attempt(attempts.at(-1), n === count));
    return { name: `vm-${seed}-${i + 1}`, attempts };
  });
  // The first who reports of a stream decides on its groups: a client, here.
  const first: Attempt = {
    by: 'client',
    start: 'new id',
    reports: [{ pause: 0, percent: 0, byChild: false }],
    continuesAfter: 0,
    isDelivered: false,
    end: 'open',
  };
  return {
    seed,
    stream: `Life${seed}`,
    groups: oneOf(0, 0, 1, 2),
    tasks: [{ name: `vm-${seed}-0`, attempts: [first] }, ...tasks],
  };
}

/** A reset does the same once more, where nobody from outside has ended it. */
const isResettable = ({ by, end, continuesAfter }: Attempt): boolean =>
  by !== 'client' && (end === 'complete' || end === 'fail') && continuesAfter === 0;
