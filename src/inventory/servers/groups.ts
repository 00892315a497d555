import { quoted } from '../values/cell';
import type { Claims } from './claims';
import { areOneMachine, differencesOf } from './difference';
import { allOf, isToMigrate, join, placeOf, rootOf, type ServerRecord } from './record';
import type { Source } from './source';

/** Rows that are one server if nothing speaks against it; what is joined to them is theirs. In the order of sources. */
export type Group = ServerRecord[];

/** Two rows of a group that are of different servers. */
export interface Conflict {
  /** The row that speaks against it. */
  other: ServerRecord;
  /** For people. */
  told: string;
}

/** Each row with the servers that have found it, where no two of them are of one source; with those of other rows, if they share one. */
export function groupsOf({ contested }: Claims, sources: Source[]): Group[] {
  const groups = new Map<ServerRecord, Group>();
  for (const { records } of sources)
    for (const record of records) {
      const { claimedBy } = record;
      const claiming = contested.get(record);
      const root = rootOf(record);
      if (!claimedBy || (!claiming && claimedBy === root) || (claiming?.size ?? 0) > sources.length) continue;
      const group = [...new Set([...(claiming ?? [claimedBy]), root])];
      if (!haveOneSource(group, sources)) unite(groups, group);
    }
  const all = [...new Set(groups.values())];
  for (const group of all) group.sort((a, b) => placeIn(sources, a) - placeIn(sources, b));
  return all;
}

function unite(groups: Map<ServerRecord, Group>, some: Group): void {
  const there = some.map((record) => groups.get(record)).find((group) => group !== undefined);
  const group = there ?? [];
  for (const record of some) {
    const theirs = groups.get(record) ?? [record];
    if (theirs === there) continue;
    for (const each of theirs) {
      group.push(each);
      groups.set(each, group);
    }
  }
}

const placeIn = (sources: Source[], record: ServerRecord): number =>
  sources.findIndex((source) => source.rowOf(record) !== undefined);

/** A server has at most one row of a source. */
export const haveOneSource = (group: Group, sources: Source[]): boolean =>
  sources.some((source) => group.filter((record) => source.rowOf(record) !== undefined).length > 1);

/** Joins the rows of a group to the first, unless something speaks against it. Returns whether they are joined. */
export function joinGroup(group: Group, sources: Source[]): boolean {
  const [first, ...others] = group;
  if (!first || !group.every(isToMigrate) || haveOneSource(group, sources) || conflictIn(group)) return false;
  for (const other of others) {
    warnOfDifferences(first, other);
    join(first, other);
  }
  return true;
}

/** What shows that a group is not of one server. */
export function conflictIn(group: Group): Conflict | undefined {
  const [first] = group;
  for (const [row, other] of pairsOf(group))
    if (!areOneMachine(row, other)) for (const told of differencesIn(row, other, first)) return { other, told };
  return undefined;
}

function* pairsOf(group: Group): Generator<[row: ServerRecord, other: ServerRecord]> {
  const rows = group.map(allOf);
  for (const [i, ofOthers] of rows.entries())
    for (const ofOne of rows.slice(0, i)) for (const row of ofOne) for (const other of ofOthers) yield [row, other];
}

const differencesIn = (row: ServerRecord, other: ServerRecord, first?: ServerRecord): string[] =>
  differencesOf(row, other).map(
    ({ what, here, there }) =>
      `the ${what} is ${quoted(there)} there, and ${quoted(here)} ${row === first ? 'here' : `in ${placeOf(row)}`}`,
  );

/** Those of one virtual machine; others are not joined. */
function warnOfDifferences(first: ServerRecord, joined: ServerRecord): void {
  for (const [row, other] of pairsOf([first, joined]))
    for (const told of differencesIn(row, other, first)) {
      const message = `it is the same virtual machine as ${placeOf(other)}, but ${told}. Correct the wrong one.`;
      first.file.warn(first.place, message, first.name);
    }
}
