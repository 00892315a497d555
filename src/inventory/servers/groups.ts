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

/**
 * Servers with the rows that they have found and the servers that have found theirs, where no two that find one row are of one source. A
 * group is made when it is asked for: of all there would be many.
 */
export function* groupsOf(claims: Claims, sources: Source[]): Generator<Group> {
  const seen = new Set<ServerRecord>();
  for (const [i, task] of claims.tasks.entries()) {
    if (seen.has(task)) continue;
    const group = [task];
    // It grows.
    for (const member of group)
      for (const row of rowsAround(member, claims, member === task ? i : undefined))
        for (const each of serversOf(row, claims, sources)) {
          if (group.includes(each)) continue;
          group.push(each);
          if (isNaming(each)) seen.add(each);
        }
    if (group.length > 1) yield group.sort((a, b) => placeIn(sources, a) - placeIn(sources, b));
  }
}

/** Others are rows that a server has found. */
const isNaming = (record: ServerRecord): boolean => record.claimedBy === record;

/** Those that a server has found, and its own that others have found. */
function rowsAround(member: ServerRecord, claims: Claims, position?: number): ServerRecord[] {
  if (!isNaming(member)) return [];
  const found = claims.foundBy(member, position);
  return claims.contested.size > 0 ? [...found, ...allOf(member)] : found;
}

/** Those that are one if the row is of all that have found it. */
function serversOf(row: ServerRecord, { contested }: Claims, sources: Source[]): ServerRecord[] {
  const claiming = contested.get(row);
  if (claiming && claiming.size > sources.length) return [];
  const all = [...new Set(claiming).add(row.claimedBy ?? row).add(rootOf(row))];
  return haveOneSource(all, sources) ? [] : all;
}

const placeIn = (sources: Source[], record: ServerRecord): number =>
  sources.findIndex((source) => source.rowOf(record) !== undefined);

/** A server has at most one row of a source. */
export const haveOneSource = (group: Group, sources: Source[]): boolean =>
  sources.some((source) => group.filter((record) => source.rowOf(record) !== undefined).length > 1);

/** Joins the rows of a group to the first, unless something speaks against it. Returns whether they are joined. */
export function joinGroup(group: Group, sources: Source[]): boolean {
  const [first, ...others] = group;
  if (!first || !group.every(isToMigrate) || haveOneSource(group, sources) || conflictIn(group, sources)) return false;
  for (const other of others) {
    warnOfDifferences(first, other);
    join(first, other);
  }
  return true;
}

/** What shows that a group is not of one server. */
export function conflictIn(group: Group, sources: Source[]): Conflict | undefined {
  const [first] = group;
  for (const [row, other] of pairsOf(group)) {
    if (areSwapped(row, other, sources)) return { other, told: SWAPPED };
    if (areOneMachine(row, other)) continue;
    for (const told of differencesIn(row, other, first)) return { other, told };
  }
  return undefined;
}

const SWAPPED = 'vCenter and VM id are the same, but by its name each of both is another row';

/** Two that have only an id in common, and of each the source of the other has another row by its name: two ids were exchanged. */
function areSwapped(row: ServerRecord, other: ServerRecord, sources: Source[]): boolean {
  if (row.vm === undefined || row.vm !== other.vm) return false;
  const theirs = [...other.names, ...other.hosts];
  if (theirs.some((key) => row.names.includes(key) || row.hosts.includes(key))) return false;
  const isOther = ({ names }: ServerRecord, there: ServerRecord) => {
    const source = sources.find((each) => each.rowOf(there) === there);
    return names.some((name) => source?.index.named(name) !== undefined);
  };
  return isOther(row, other) && isOther(other, row);
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
