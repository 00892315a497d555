/** The numbers of groups of a stream, as its workflow holds them in its memo. */
export interface GroupNumbers {
  /** New tasks go to the last one that holds; earlier ones may hold tasks still. One that comes back stands twice until then. */
  groups: number[];
  /** From when on, in epoch seconds, the last one holds; until then the one before. 0: always. */
  since: number;
}

/** A new number holds so long after it was set: longer than anybody goes without reading it, clocks that differ included. */
export const GROUPS_HOLD_AFTER_SECONDS = 30;

/** Earlier numbers that are remembered: tasks may still be held by heartbeat workflows of them. */
const REMEMBERED_NUMBERS = 8;

/** The numbers that hold at a time (epoch seconds), each once, the current one last. */
export function numbersAt({ groups, since }: GroupNumbers, now: number): number[] {
  const held = now < since && groups.length > 1 ? groups.slice(0, -1) : groups;
  return held.filter((each, i) => held.lastIndexOf(each) === i);
}

/** Whoever has read a number goes by it for so many seconds at most, clocks that differ included. */
const READ_SECONDS = 15;

/** The numbers once another one is set; undefined where one that was set shortly before is about to hold: some go by it already. */
export function numbersAfter(numbers: GroupNumbers, number: number, now: number): GroupNumbers | undefined {
  const isAboutToHold = numbers.groups.length > 1 && now < numbers.since && numbers.since - now < READ_SECONDS;
  if (isAboutToHold) return numbers.groups.at(-1) === number ? numbers : undefined;
  // One that does not hold yet gives way.
  const known = numbersAt(numbers, now);
  if (known.at(-1) === number) return { groups: known, since: 0 };
  return { groups: [...known, number].slice(-REMEMBERED_NUMBERS), since: Math.ceil(now) + GROUPS_HOLD_AFTER_SECONDS };
}
