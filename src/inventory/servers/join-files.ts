import { quoted } from '../values/cell';
import { joinAdapters } from './adapters';
import { areOneMachine, differenceOf } from './difference';
import { match, type Match } from './match';
import { allOf, join, leave, placeOf, refuse, someOf, type ServerRecord } from './record';
import { listOf, RecordIndex, type Rows } from './record-index';
import type { RecordFile } from './record-file';

/**
 * Joins what the files say, and returns the rows that name the servers to migrate: those of wave files. Without one, those of import
 * templates of Application Discovery Service that have a wave; without such, all. Each of them takes what the rows of the same server
 * in files of other sources say (see `match`); what is left of those files is skipped.
 *
 * A file that cannot be read counts as a wave file, if it may be one: no inventory becomes a list of tasks because of a slip.
 */
export function joinFiles(files: RecordFile[]): ServerRecord[] {
  const leading = (['wave', 'both'] as const).find((role) => files.some((file) => (file.role ?? 'wave') === role));
  const sources = recordsBySource(files.filter((file) => !file.isBroken && file.role !== leading));
  if (leading !== undefined) {
    // Those of a broken file, too: they yield no server, but what is wrong with their names is told.
    const tasks = files.filter(({ role }) => role === leading).flatMap(({ records }) => records);
    joinToWaves(tasks, sources);
    return tasks;
  }
  const tasks: ServerRecord[] = [];
  // What no earlier source has is compared with the next ones, too. A row with an error is there to take what it finds.
  for (const records of sources) for (const record of joinSource(tasks, records)) tasks.push(record);
  return tasks;
}

/** What is left of the sources is skipped. */
function joinToWaves(tasks: ServerRecord[], sources: ServerRecord[][]): void {
  const left = sources.flatMap((records) => joinSource(tasks, records));
  for (const record of left) if (record.fault === undefined) leave(record, 'not joined to any row of a wave file');
  if (sources.length > 0) for (const task of tasks) if (!task.joined && task.fault === undefined) warnOfUnknown(task);
}

/** The servers of each source, in the order of files. */
function recordsBySource(files: RecordFile[]): ServerRecord[][] {
  const sources = new Map<string, RecordFile[]>();
  for (const file of files) {
    const source = file.format?.source ?? '';
    sources.set(source, [...(sources.get(source) ?? []), file]);
  }
  return [...sources.values()].map((ofSource) => {
    const [adapters, servers] = [true, false].map((areAdapters) =>
      ofSource.filter(({ format }) => (format?.isOfAdapters ?? false) === areAdapters),
    );
    const records = (servers ?? []).flatMap((file) => file.records);
    const ofAdapters = (adapters ?? []).flatMap((file) => file.records);
    return [...records, ...joinAdapters(ofAdapters, servers?.length ? records : undefined)];
  });
}

/** Joins the rows of one more source to those that name servers; returns the source's rows that are left. */
function joinSource(tasks: ServerRecord[], records: ServerRecord[]): ServerRecord[] {
  const contested = claim(records, tasks);
  for (const record of records) {
    const task = record.joinedTo;
    const claiming = contested.get(record);
    if (claiming) refuseAll(claiming, record);
    else if (task) joinOrRefuse(task, record);
  }
  return records.filter(({ joinedTo, isTaken }) => !joinedTo && !isTaken);
}

/** Tells each record which row is of the same server; returns those of which several rows are. */
function claim(records: ServerRecord[], tasks: ServerRecord[]): Map<ServerRecord, ServerRecord[]> {
  const index = new RecordIndex(records);
  const contested = new Map<ServerRecord, ServerRecord[]>();
  const taken = new Set<Rows>();
  for (const task of tasks) {
    const found = matchAny(task, index);
    if (!found) continue;
    if ('fault' in found) {
      for (const rows of found.rows) take(rows, taken);
      if (task.fault === undefined) refuse(task, found.fault);
      continue;
    }
    const { found: record, how } = found;
    if (task.fault !== undefined) {
      record.isTaken = true;
      continue;
    }
    const there = contested.get(record);
    if (there) there.push(task);
    else if (record.joinedTo) contested.set(record, [record.joinedTo, task]);
    record.joinedTo ??= task;
    record.how = how;
  }
  return contested;
}

/** By what the row itself has; if that finds none, by what the rows joined to it have. */
function matchAny(task: ServerRecord, index: RecordIndex): Match | undefined {
  for (const row of allOf(task)) {
    const found = match(row, index);
    if (found) return found;
  }
  return undefined;
}

/** Each of them once: many rows may find the same many. */
function take(rows: Rows, taken: Set<Rows>): void {
  if (taken.has(rows)) return;
  taken.add(rows);
  for (const row of listOf(rows)) row.isTaken = true;
}

function refuseAll(tasks: ServerRecord[], record: ServerRecord): void {
  const message = `${tasks.length} servers (${someOf(tasks)}) match the same row (${placeOf(record)}). Correct the wrong names or FQDNs.`;
  for (const task of tasks) refuse(task, message);
}

/** Refuses the task if the record is of another server than it, or than a row that is joined to it already. */
function joinOrRefuse(task: ServerRecord, record: ServerRecord): void {
  const others = allOf(record);
  for (const row of allOf(task))
    for (const other of others) {
      const difference = differenceOf(row, other);
      if (!difference) continue;
      const told = `the ${difference.what} is ${quoted(difference.there)} there, and ${quoted(difference.here)} ${row === task ? 'here' : `in ${placeOf(row)}`}`;
      if (!areOneMachine(row, other)) return refuseOther(task, other, told);
      const message = `it is the same virtual machine as ${placeOf(other)}, but ${told}. Correct the wrong one.`;
      task.file.warn(task.place, message, task.name);
    }
  join(task, record);
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
