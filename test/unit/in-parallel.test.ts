import { describe, expect, it } from 'vitest';
import { inParallel } from '../../src/async/in-parallel';

describe('work in parallel', () => {
  it('keeps the order of results and the bound', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
      most = Math.max(most, ++running);
      for (let i = 0; i < item; i++) await Promise.resolve();
      running--;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it('starts nothing after the first error, awaits what runs and passes the error on, whatever it is', async () => {
    for (const thrown of [new Error('no'), undefined]) {
      const started: number[] = [];
      const ended: number[] = [];
      const run = inParallel([0, 1, 2, 3], 2, async (item) => {
        started.push(item);
        await Promise.resolve();
        if (item === 0) throw thrown;
        await new Promise((resolve) => setImmediate(resolve));
        ended.push(item);
      });
      await expect(run.catch((error: unknown) => ({ error }))).resolves.toEqual({ error: thrown });
      expect(started).toEqual([0, 1]);
      expect(ended).toEqual([1]);
    }
  });
});
