import { activityInfo } from '@temporalio/activity';
import { inParallel } from '../client/in-parallel';
import { whileHeartbeating } from './while-heartbeating';

/**
 * Runs `work` over the items that no earlier attempt of this activity has settled, at most `concurrency` at once.
 * What it returns is kept in the heartbeat details, so the attempt after a lost worker does the rest only; `undefined`
 * leaves an item open. Gives what is settled, by index.
 */
export async function settleInParallel<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, index: number) => Promise<R | undefined>,
): Promise<Map<number, R>> {
  const { heartbeatDetails } = activityInfo();
  const settled = new Map<number, R>((heartbeatDetails as [number, R][] | undefined) ?? []);
  const rest = items.map((item, index) => ({ item, index })).filter(({ index }) => !settled.has(index));
  await whileHeartbeating(
    () => [...settled],
    (beat) =>
      inParallel(rest, concurrency, async ({ item, index }) => {
        const result = await work(item, index);
        if (result !== undefined) settled.set(index, result);
        beat();
      }),
  );
  return settled;
}
