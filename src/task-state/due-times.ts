import { Heap } from 'heap-js';

interface Entry<T> {
  item: T;
  at: number;
  order: number;
}

/** Of equal times, what was set first comes first: replay needs one order. */
const inOrder = (a: Entry<unknown>, b: Entry<unknown>): number => a.at - b.at || a.order - b.order;

/** So many replaced entries may wait in any heap. */
const ROOM = 64;

/** When each item is due: a heap, so that a change costs O(log n). What was replaced stays in the heap until it surfaces. */
export class DueTimes<T> {
  private readonly heap = new Heap<Entry<T>>(inOrder);
  private readonly current = new Map<T, Entry<T>>();
  private orders = 0;

  /** Undefined: not due at all. */
  set(item: T, at: number | undefined): void {
    if (this.current.get(item)?.at === at) return;
    if (at === undefined) {
      this.current.delete(item);
      return;
    }
    const entry = { item, at, order: this.orders++ };
    this.current.set(item, entry);
    this.heap.push(entry);
    if (this.heap.length > 2 * this.current.size + ROOM) this.heap.init([...this.current.values()]);
  }

  /** The earliest time. */
  next(): number | undefined {
    return this.top()?.at;
  }

  /** The item of the earliest time. */
  first(): T | undefined {
    return this.top()?.item;
  }

  private top(): Entry<T> | undefined {
    for (let top = this.heap.peek(); top; top = this.heap.peek()) {
      if (this.current.get(top.item) === top) return top;
      this.heap.pop();
    }
    return undefined;
  }

  /** Removes and gives all that is due until then, the earliest first. */
  takeUntil(until: number): T[] {
    const taken: T[] = [];
    for (let at = this.next(); at !== undefined && at <= until; at = this.next()) {
      const { item } = this.heap.pop() as Entry<T>;
      this.current.delete(item);
      taken.push(item);
    }
    return taken;
  }
}

/** The first of the times that are there. */
export const earliest = (...times: (number | undefined)[]): number | undefined =>
  times.reduce((first, at) => (at === undefined || (first !== undefined && first <= at) ? first : at), undefined);
