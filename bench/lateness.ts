/** How late heartbeats came, from the journal alone. */
import type { Arrival } from './emulator-door';

/** Which heartbeats are judged. Times are epoch seconds. */
export interface LatenessInput {
  arrivals: Arrival[];
  /** Seconds after `updateDateTime` at which the next heartbeat is due; undefined: not known, so not judged. */
  dueAfter: (arrival: Arrival) => number | undefined;
  /** Only heartbeats that are due from here on. */
  from: number;
  /** When the journal was read. What was due before and is not there was late until then. */
  until: number;
}

/** Name of a task over all streams. */
export const keyOf = ({ stream, task }: Pick<Arrival, 'stream' | 'task'>): string => `${stream}:${task}`;

/** Rule 2 of docs/design.md: a heartbeat is due at `updateDateTime + fraction × nextUpdateSeconds`, and never put off. */
export const byFraction =
  (fraction: number): LatenessInput['dueAfter'] =>
  ({ nextUpdateSeconds }) =>
    fraction * nextUpdateSeconds;

/** Seconds, one for each heartbeat that was due. One that came before its time is 0 s late. */
export function lateness({ arrivals, dueAfter, from, until }: LatenessInput): number[] {
  const before = new Map<string, Arrival>();
  const late: number[] = [];
  const judge = (last: Arrival | undefined, at: number) => {
    const after = last && dueAfter(last);
    if (last === undefined || after === undefined) return;
    const due = last.updateDateTime + after;
    if (due >= from && due < until) late.push(Math.max(0, at - due));
  };
  for (const arrival of arrivals) {
    judge(before.get(keyOf(arrival)), arrival.at);
    before.set(keyOf(arrival), arrival);
  }
  for (const last of before.values()) judge(last, until);
  return late;
}
