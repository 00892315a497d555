/** The numbers of groups of a stream, as its workflow holds them in its memo. */
export interface GroupNumbers {
  /** New tasks go to the last one that holds; earlier ones may hold tasks still. One that comes back stands twice until then. */
  groups: number[];
  /** From when on, in epoch seconds, the last one holds; until then the one before. 0: always. */
  since: number;
}

/** A new number holds so long after it was set: longer than anybody goes without reading it, clocks that differ included. */
export const GROUPS_HOLD_AFTER_SECONDS = 30;

/** The numbers that hold at a time (epoch seconds), each once, the current one last. */
export function numbersAt({ groups, since }: GroupNumbers, now: number): number[] {
  const held = now < since && groups.length > 1 ? groups.slice(0, -1) : groups;
  return held.filter((each, i) => held.lastIndexOf(each) === i);
}
