/** What must be reached, and whether it was. */

/** `count`: the same on every machine, so CI fails on it. `time`: depends on the machine and on what else it does. */
export type GoalKind = 'count' | 'time';

/** A limit that a figure must keep. */
export interface Goal {
  kind: GoalKind;
  /** Not above this. */
  most?: number;
  /** Above or at this. */
  least?: number;
  /** Below this. */
  below?: number;
}

/** One figure as it was measured. NaN: it could not be. */
export interface Measurement {
  /** Name of its goal in `GOALS`; figures without a goal are shown for information. */
  id: string;
  label: string;
  value: number;
  unit: string;
  /** What else is worth knowing. */
  detail?: string;
  /** In the JSON only: a row beside it says the same in its notes. */
  jsonOnly?: boolean;
}

export type Verdict = 'met' | 'MISSED' | 'not judged' | '';

const count = (limit: Omit<Goal, 'kind'>): Goal => ({ kind: 'count', ...limit });
const time = (limit: Omit<Goal, 'kind'>): Goal => ({ kind: 'time', ...limit });

/** The goals, by the id of the figure. */
export const GOALS: Readonly<Record<string, Goal>> = {
  'first-report.events.1': count({ most: 11 }),
  'first-report.calls.1': count({ most: 3 }),
  'first-report.creates.1': count({ most: 1 }),
  'first-report.creates.500': count({ most: 1 }),
  'heartbeat.events.1': count({ most: 11 }),
  'heartbeat.events.500': count({ most: 0.03 }),
  'heartbeat.calls.1': count({ most: 1 }),
  'heartbeat.calls.500': count({ most: 1 }),
  'rate.5000.over-bare': time({ least: 0.8 }),
  'rate.10000.over-bare': time({ least: 0.8 }),
  'rate.over-naive': time({ least: 12 }),
  'cpu.5000.over-bare': time({ most: 1.3 }),
  'cpu.10000.over-bare': time({ most: 1.3 }),
  'memory.above-idle': time({ most: 250 }),
  'burst.over-bare': time({ most: 1.5 }),
  'lateness.p99': time({ below: 1 }),
  'restart.long': time({ most: 60 }),
  'restart.large': time({ most: 60 }),
  'latency.client.p50': time({ below: 60 }),
  'latency.workflow.p50': time({ below: 60 }),
  'inventory.seconds': time({ below: 10 }),
  'inventory.peak': time({ below: 200 }),
};

/** Figures whose id ends so are the same for every load: no report may be lost, and no task stale. */
const NONE = ['lost', 'stale'];

export const goalOf = (id: string): Goal | undefined =>
  Object.hasOwn(GOALS, id) ? GOALS[id] : NONE.includes(id.split('.').at(-1) ?? '') ? count({ most: 0 }) : undefined;

/** `≤ 11`, `≥ 0.8`, `< 1`; empty without a goal. */
export function wantedText(goal: Goal | undefined): string {
  if (goal?.most !== undefined) return `≤ ${goal.most}`;
  if (goal?.least !== undefined) return `≥ ${goal.least}`;
  return goal?.below === undefined ? '' : `< ${goal.below}`;
}

/** Times and ratios of a short run say nothing, so they are not judged. What could not be measured is missed. */
export function verdictOf({ id, value }: Measurement, { short }: { short: boolean }): Verdict {
  const goal = goalOf(id);
  if (!goal) return '';
  if (short && goal.kind === 'time') return 'not judged';
  const { most = Infinity, least = -Infinity, below = Infinity } = goal;
  return value <= most && value >= least && value < below ? 'met' : 'MISSED';
}

/** Figures for which CI fails: counts that miss their goal. */
export const failuresOf = (measurements: Measurement[]): Measurement[] =>
  measurements.filter((each) => goalOf(each.id)?.kind === 'count' && verdictOf(each, { short: false }) === 'MISSED');
