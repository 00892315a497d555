/** Runs `work` over all items, at most `concurrency` at once; results in order. The first throw stops new work, awaits what runs, and is rethrown. */
export async function inParallel<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let stopped: { error: unknown } | undefined;
  const lane = async () => {
    while (!stopped && next < items.length) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T, index);
      } catch (error) {
        stopped ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, lane));
  if (stopped) throw (stopped as { error: unknown }).error;
  return results;
}
