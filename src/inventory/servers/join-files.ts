import { quoted } from '../values/cell';
import { areOneMachine, differencesOf } from './difference';
import { match } from './match';
import { allOf, isToMigrate, join, leave, placeOf, refuse, someOf, type ServerRecord } from './record';
import { listOf, type Rows } from './record-index';
import type { RecordFile } from './record-file';
import type { Source } from './source';
import { sourcesOf } from './sources';

/**
 * Joins what the files say, and returns the rows that name servers: those of wave files, also the ones that are skipped. Without one,
 * those of import templates of Application Discovery Service that have a wave; without such, all. Each of them takes what the rows of
 * the same server in files of other sources say (see `match`); what is left of those files is skipped.
 *
 * A file that cannot be read counts as a wave file, if it may be one: no inventory becomes a list of tasks because of a slip.
 */
export function joinFiles(files: RecordFile[]): ServerRecord[] {
  const leading = (['wave', 'both'] as const).find((role) => files.some((file) => (file.role ?? 'wave') === role));
  const sources = sourcesOf(files.filter((file) => !file.isBroken && file.role !== leading));
  const isList = leading === undefined;
  // Those of a broken file, too: they yield no server, but what is wrong with their names is told.
  const tasks = isList ? [] : files.filter(({ role }) => role === leading).flatMap(({ records }) => records);
  for (const source of sources) {
    joinSource(tasks, source);
    // What no earlier source has is compared with the next ones, too. A row with an error is there to take what it finds.
    if (isList) for (const record of source.records) if (!record.claimedBy) tasks.push(record);
  }
  if (sources.length > 1) joinAgain(tasks, sources);
  if (!isList) leaveOthers(tasks, sources);
  return tasks;
}

/** By the keys of a row that was joined, a server may be found in sources that were asked before, and there be another one. */
function joinAgain(tasks: ServerRecord[], sources: Source[]): void {
  let isJoined = true;
  while (isJoined) isJoined = sources.map((source) => joinSource(tasks, source)).includes(true);
}

/** Rows of the sources that are of no server to migrate, and servers that no source has. */
function leaveOthers(tasks: ServerRecord[], sources: Source[]): void {
  for (const { records } of sources)
    for (const record of records) if (!record.joinedTo && record.fault === undefined) leaveOther(record);
  if (sources.length > 0) for (const task of tasks) if (!task.joined && isToMigrate(task)) warnOfUnknown(task);
}

function leaveOther(record: ServerRecord): void {
  if (!record.claimedBy) leave(record, 'not joined to any row of a wave file');
  else if (record.claimedBy.isLeft) leave(record, 'the row of the wave file that matches it is skipped');
}

/** Joins rows of a source to those that name servers. Returns whether one was joined. */
function joinSource(tasks: ServerRecord[], source: Source): boolean {
  const contested = claim(tasks, source);
  for (const [record, claiming] of contested) refuseAll([...claiming], record);
  let isJoined = false;
  for (const record of source.records) {
    const task = record.claimedBy;
    const isNew = task && task !== record && !record.joinedTo && !contested.has(record);
    if (isNew && isToMigrate(task) && joinOrRefuse(task, record)) isJoined = true;
  }
  return isJoined;
}

/**
 * Tells each row of a source which server it is of. Returns those that several may be of. A server that is not migrated, has an error,
 * or may be of several rows takes what it finds, too: it is none of another one's.
 */
function claim(tasks: ServerRecord[], source: Source): Map<ServerRecord, Set<ServerRecord>> {
  const contested = new Map<ServerRecord, Set<ServerRecord>>();
  const take = (record: ServerRecord, task: ServerRecord) => {
    record.claimedBy ??= task;
    if (record.claimedBy === task) return;
    const claiming = contested.get(record);
    if (claiming) claiming.add(task);
    else contested.set(record, new Set([record.claimedBy, task]));
  };
  const taken = new Set<Rows>();
  for (const task of tasks) {
    const matched = match(task, source.index, source.rowOf(task));
    if (!matched) continue;
    if ('found' in matched) {
      take(matched.found, task);
      if (!matched.found.joinedTo) matched.found.how = matched.how;
      continue;
    }
    for (const rows of matched.rows) {
      // Many servers may find the same many rows.
      if (taken.has(rows)) continue;
      taken.add(rows);
      for (const row of listOf(rows)) take(row, task);
    }
    if (isToMigrate(task)) refuse(task, matched.fault);
  }
  return contested;
}

function refuseAll(tasks: ServerRecord[], record: ServerRecord): void {
  const others = tasks.every(isToMigrate) ? '' : ' Rows that are skipped or have an error count, too.';
  const message = `${tasks.length} servers (${someOf(tasks)}) match the same row (${placeOf(record)}). Correct the wrong names or FQDNs.${others}`;
  for (const task of tasks) if (isToMigrate(task)) refuse(task, message);
}

/** Refuses the server if the record is of another one than it, or than a row that is joined to it already. Returns whether it is joined. */
function joinOrRefuse(task: ServerRecord, record: ServerRecord): boolean {
  const others = allOf(record);
  for (const row of allOf(task))
    for (const other of others)
      for (const { what, here, there } of differencesOf(row, other)) {
        const told = `the ${what} is ${quoted(there)} there, and ${quoted(here)} ${row === task ? 'here' : `in ${placeOf(row)}`}`;
        if (!areOneMachine(row, other)) {
          refuseOther(task, other, told);
          return false;
        }
        const message = `it is the same virtual machine as ${placeOf(other)}, but ${told}. Correct the wrong one.`;
        task.file.warn(task.place, message, task.name);
      }
  join(task, record);
  return true;
}

function refuseOther(task: ServerRecord, other: ServerRecord, told: string): void {
  const what = `it is found in ${placeOf(other)}, but that may be another server: ${told}`;
  refuse(task, `${what}. Correct what is wrong, or remove one of the rows.`);
}

function warnOfUnknown(task: ServerRecord): void {
  const message =
    'no inventory has its name or FQDN: Migration Hub can find the server only by the attributes in this row.';
  task.file.warn(task.place, message, task.name);
}
