/**
 * How many heartbeats go together, by calculation. Each task of a group has a time of its own, since that begins anew with each
 * report; those due within the window are sent together. So how much a group saves depends on its size and on the interval.
 */

/** The rule of the package (docs/design.md, rule 2), as the calculation needs it. */
export interface BatchRule {
  /** Heartbeats of each task are brought forward by up to this share of their interval; those of a whole group do not count. */
  spread: number;
  /** Heartbeats due within so many seconds go together. */
  windowSeconds: number;
  /** The same as a share of the interval; the greater of both counts. */
  windowShare: number;
  /** Notifications of one activity at most. */
  batchSize: number;
  /** Events of a round with one activity: timer, workflow task, activity, workflow task. */
  eventsPerRound: number;
  /** Events after which a run continues as new. */
  eventsPerRun: number;
}

/** The rule as it is built. */
export const RULE: BatchRule = {
  spread: 0,
  windowSeconds: 2,
  windowShare: 0.1,
  batchSize: 500,
  eventsPerRound: 11,
  eventsPerRun: 500,
};

/** Events of an activity beyond the first of a round: scheduled, started, completed, and the workflow task that takes its result. */
const EVENTS_PER_FURTHER_ACTIVITY = 6;
/** WorkflowExecutionStarted, three of the first workflow task, and the end of the run before. */
const EVENTS_PER_CONTINUE = 5;

/** What one heartbeat of one task costs on average. */
export interface PerHeartbeat {
  /** Heartbeats in one round of a group. */
  together: number;
  actions: number;
  events: number;
  /** Heartbeats of a task in one nominal interval: a little above 1, since none is late. */
  perInterval: number;
}

/** Nominal intervals until the tasks of a group have drifted apart, and over which is counted then. */
const DRIFT_INTERVALS = 60;
const COUNTED_INTERVALS = 40;

/** Numbers from 0 to 1 that fill the range evenly and are the same each time. */
const evenly = (i: number, step: number) => ((i + 1) * step) % 1;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const PLASTIC = 0.754877666;

/** Plays the heartbeats of a group of `size` tasks, each with an interval of its own, that were last reported of at any time. */
export function perHeartbeat(size: number, intervalSeconds: number, rule: BatchRule = RULE): PerHeartbeat {
  const periods = Array.from({ length: size }, (_, i) =>
    Math.max(1, Math.floor(intervalSeconds * (1 - rule.spread * evenly(i, GOLDEN)))),
  );
  const due = periods.map((period, i) => Math.floor(period * evenly(i, PLASTIC)));
  const [from, end] = [DRIFT_INTERVALS, DRIFT_INTERVALS + COUNTED_INTERVALS].map((n) => n * intervalSeconds) as [
    number,
    number,
  ];
  const window = Math.max(rule.windowSeconds, rule.windowShare * intervalSeconds);
  let [rounds, activities, heartbeats] = [0, 0, 0];
  for (let now = Math.min(...due); now < end; now = Math.min(...due)) {
    let sent = 0;
    due.forEach((at, i) => {
      if (at > now + window) return;
      due[i] = now + (periods[i] as number);
      sent += 1;
    });
    if (now < from) continue;
    rounds += 1;
    activities += Math.ceil(sent / rule.batchSize);
    heartbeats += sent;
  }
  const events = rounds * rule.eventsPerRound + (activities - rounds) * EVENTS_PER_FURTHER_ACTIVITY;
  const continues = events / rule.eventsPerRun;
  return {
    together: heartbeats / rounds,
    // A timer, its activities, and a new run now and then.
    actions: (rounds + activities + continues) / heartbeats,
    events: (events + continues * EVENTS_PER_CONTINUE) / heartbeats,
    perInterval: heartbeats / (size * COUNTED_INTERVALS),
  };
}
