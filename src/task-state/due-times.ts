interface Entry<T> {
  item: T;
  at: number;
  /** Of equal times, what was set first comes first: replay needs one order. */
  order: number;
}

const isBefore = (a: Entry<unknown>, b: Entry<unknown>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** So many replaced entries may wait in any heap. */
const ROOM = 64;

/** When each item is due: a binary heap, so that a change costs O(log n). What was replaced stays in the heap until it surfaces. */
export class DueTimes<T> {
  private readonly heap: Entry<T>[] = [];
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
    this.push(entry);
    if (this.heap.length > 2 * this.current.size + ROOM) this.compact();
  }

  /** The earliest time. */
  next(): number | undefined {
    for (let top = this.heap[0]; top; top = this.heap[0]) {
      if (this.current.get(top.item) === top) return top.at;
      this.pop();
    }
    return undefined;
  }

  /** Removes and gives all that is due until then, the earliest first. */
  takeUntil(until: number): T[] {
    const taken: T[] = [];
    for (let at = this.next(); at !== undefined && at <= until; at = this.next()) {
      const { item } = this.pop();
      this.current.delete(item);
      taken.push(item);
    }
    return taken;
  }

  /** Sorted, the entries that count are a heap. */
  private compact(): void {
    const entries = [...this.current.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1));
    this.heap.splice(0, this.heap.length, ...entries);
  }

  private push(entry: Entry<T>): void {
    const { heap } = this;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (!isBefore(entry, heap[above] as Entry<T>)) break;
      heap[index] = heap[above] as Entry<T>;
      index = above;
    }
    heap[index] = entry;
  }

  private pop(): Entry<T> {
    const { heap } = this;
    const top = heap[0] as Entry<T>;
    const last = heap.pop() as Entry<T>;
    if (heap.length === 0) return top;
    let index = 0;
    for (let below = 1; below < heap.length; below = 2 * index + 1) {
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Entry<T>, heap[below] as Entry<T>)) below++;
      if (!isBefore(heap[below] as Entry<T>, last)) break;
      heap[index] = heap[below] as Entry<T>;
      index = below;
    }
    heap[index] = last;
    return top;
  }
}
