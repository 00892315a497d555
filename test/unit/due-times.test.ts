import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueTimes } from '../../src/task-state/due-times';

/** The same, as a list that is sorted each time. */
class SortedList {
  private entries: { item: string; at: number; order: number }[] = [];
  private orders = 0;

  set(item: string, at: number | undefined): void {
    if (this.entries.find((each) => each.item === item)?.at === at) return;
    this.entries = this.entries.filter((each) => each.item !== item);
    if (at !== undefined) this.entries.push({ item, at, order: this.orders++ });
    this.entries.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  next(): number | undefined {
    return this.entries[0]?.at;
  }

  takeUntil(until: number): string[] {
    const taken = this.entries.filter(({ at }) => at <= until);
    this.entries = this.entries.filter(({ at }) => at > until);
    return taken.map(({ item }) => item);
  }
}

const time = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.double({ min: 0, max: 1000, noNaN: true }));
const change = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      item: fc.integer({ min: 0, max: 30 }).map((i) => `vm-${i}`),
      at: fc.option(time, { nil: undefined, freq: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ until: time }) },
);

describe('the times at which tasks are due', () => {
  it('are those of a sorted list, whatever was set, replaced and taken; equal times keep the order in which they were set', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
        const times = new DueTimes<string>();
        const list = new SortedList();
        for (const each of changes) {
          if ('until' in each) expect(times.takeUntil(each.until)).toEqual(list.takeUntil(each.until));
          else {
            times.set(each.item, each.at);
            list.set(each.item, each.at);
          }
          expect(times.next()).toBe(list.next());
        }
        expect(times.takeUntil(Infinity)).toEqual(list.takeUntil(Infinity));
        expect(times.next()).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('of a task that is set again and again take no more room than that of a few', () => {
    const times = new DueTimes<string>();
    for (let i = 0; i < 10_000; i++) times.set(`vm-${i % 3}`, 10_000 - i);
    expect((times as unknown as { heap: unknown[] }).heap.length).toBeLessThan(200);
    expect(times.takeUntil(Infinity)).toEqual(['vm-0', 'vm-2', 'vm-1']);
  });
});
