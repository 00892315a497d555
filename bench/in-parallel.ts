/** Does `work` for each item in order, at most `atOnce` at a time. The first failure ends it. */
export async function inParallel<T>(items: T[], atOnce: number, work: (item: T, index: number) => Promise<unknown>) {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
}
