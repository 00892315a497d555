import { activityInfo } from '@temporalio/activity';
import { inParallel } from '../async/in-parallel';
import type { Outcome } from '../task-state';
import { whileHeartbeating } from './while-heartbeating';

/** What the next activity attempt must know: `done` has a 1 for each settled item; empty outcomes are left out. */
interface Details {
  done: string;
  others: Record<number, Outcome>;
}

/**
 * Runs `work` over the items that no earlier activity attempt has settled, at most `concurrency` at once. What it returns is
 * kept in the activity's heartbeat details, so the attempt after a lost worker does the rest only; `undefined` leaves an item
 * open. Gives what is settled, by index.
 */
export async function settleInParallel<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, index: number) => Promise<Outcome | undefined>,
): Promise<Map<number, Outcome>> {
  const settled = fromDetails(activityInfo().heartbeatDetails as Details | undefined);
  const rest = items.map((item, index) => ({ item, index })).filter(({ index }) => !settled.has(index));
  await whileHeartbeating(
    () => toDetails(settled, items.length),
    () =>
      inParallel(rest, concurrency, async ({ item, index }) => {
        const outcome = await work(item, index);
        if (outcome) settled.set(index, outcome);
      }),
  );
  return settled;
}

/** Runs `work` over some of what is settled, by their indexes, and puts what it gives in the place of their outcomes. */
export async function settleFurther<T>(
  items: readonly T[],
  settled: Map<number, Outcome>,
  indexes: number[],
  concurrency: number,
  work: (item: T, outcome: Outcome) => Promise<Outcome>,
): Promise<void> {
  if (indexes.length === 0) return;
  await whileHeartbeating(
    () => toDetails(settled, items.length),
    () =>
      inParallel(indexes, concurrency, async (index) => {
        settled.set(index, await work(items[index] as T, settled.get(index) ?? {}));
      }),
  );
}

function fromDetails(details: Details | undefined): Map<number, Outcome> {
  const settled = new Map<number, Outcome>();
  [...(details?.done ?? '')].forEach((done, index) => {
    if (done === '1') settled.set(index, details?.others[index] ?? {});
  });
  return settled;
}

const toDetails = (settled: Map<number, Outcome>, length: number): Details => ({
  done: Array.from({ length }, (_, index) => (settled.has(index) ? '1' : '0')).join(''),
  others: othersOf(settled),
});

/** The outcomes that are not empty, by index. */
export const othersOf = (settled: Map<number, Outcome>): Record<number, Outcome> =>
  Object.fromEntries([...settled].filter(([, outcome]) => Object.keys(outcome).length > 0));
