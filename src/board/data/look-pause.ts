const LEAST_MS = 1000;
const MOST_MS = 60_000;
/** Looks take at most a fifth of the time, whatever they cost. */
const TIMES_THE_LOOK = 4;

/** Milliseconds between the end of a look that took `lookMs` and the next. */
export const pauseAfter = (lookMs: number): number => Math.min(MOST_MS, Math.max(LEAST_MS, lookMs * TIMES_THE_LOOK));
