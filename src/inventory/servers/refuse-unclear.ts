import type { Claims } from './claims';
import { conflictIn, type Group } from './groups';
import { isToMigrate, placeOf, refuse, someOf, type ServerRecord } from './record';
import type { Source } from './source';

/**
 * Refuses what is not clear when nothing more can be joined. `isList`: the rows name servers because there is no wave file; then one
 * error for all rows that may be of one server is enough.
 */
export function refuseUnclear(claims: Claims, groups: Group[], sources: Source[], isList: boolean): void {
  for (const [task, { fault }] of claims.doubts) if (isToMigrate(task)) refuse(task, fault);
  claims.takeDoubtful();
  // Without a list only the first row of a group names a server.
  for (const group of groups) refuseAll(isList ? group : group.slice(0, 1), isList, whyNotOne(group, sources));
  for (const [record, claiming] of claims.contested) {
    const tasks = [...claiming];
    refuseAll(tasks, isList, whyContested(record, tasks));
  }
}

function refuseAll(tasks: ServerRecord[], isList: boolean, message: string): void {
  if (!isList) return tasks.filter(isToMigrate).forEach((task) => refuse(task, message));
  const [first, ...others] = tasks;
  if (!first) return;
  if (tasks.every(isToMigrate)) refuse(first, message);
  const told = tasks.find(({ fault }) => fault !== undefined) ?? first;
  for (const other of [first, ...others]) {
    if (other === told) continue;
    other.fault ??= `it may be the same server as ${placeOf(told)}, which has an error`;
    other.claimedBy = told.claimedBy;
  }
}

function whyNotOne(group: Group, sources: Source[]): string {
  const conflict = conflictIn(group, sources);
  if (!conflict)
    return `it may be the same server as each of several rows (${someOf(group)}). Correct the wrong names.`;
  const what = `it is found in ${placeOf(conflict.other)}, but that may be another server: ${conflict.told}`;
  return `${what}. Correct what is wrong, or remove one of the rows.`;
}

function whyContested(record: ServerRecord, tasks: ServerRecord[]): string {
  const others = tasks.every(isToMigrate) ? '' : ' Rows that are skipped or have an error count, too.';
  return `${tasks.length} servers (${someOf(tasks)}) match the same row (${placeOf(record)}). Correct the wrong names or FQDNs.${others}`;
}
