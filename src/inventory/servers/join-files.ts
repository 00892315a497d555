import { folded } from '../values/task-name';
import { quoted } from '../values/cell';
import { joinAdapters } from './adapters';
import { match } from './match';
import { join, leave, placeOf, refuse, someOf, type ServerRecord } from './record';
import { RecordIndex } from './record-index';
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
    for (const record of joinAll(tasks, sources)) leave(record, 'not joined to any row of a wave file');
    return tasks;
  }
  const [first = [], ...others] = sources;
  return [...first, ...joinAll(first, others, false)];
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

/** Joins the rows of other sources to those that name servers; returns the others' rows that are left. */
function joinAll(tasks: ServerRecord[], sources: ServerRecord[][], warns = true): ServerRecord[] {
  for (const records of sources) {
    const contested = claim(records, tasks);
    for (const record of records) {
      const task = record.joinedTo;
      const claiming = contested.get(record);
      if (claiming) refuseAll(claiming, record);
      else if (task) {
        checkHosts(task, record);
        join(task, record);
      }
    }
  }
  if (warns && sources.length > 0)
    for (const task of tasks) if (!task.joined && task.fault === undefined) warnOfUnknown(task);
  return sources.flat().filter((record) => !record.joinedTo && record.fault === undefined);
}

/** Tells each record which row is of the same server; returns those of which several rows are. */
function claim(records: ServerRecord[], tasks: ServerRecord[]): Map<ServerRecord, ServerRecord[]> {
  const index = new RecordIndex(records);
  const contested = new Map<ServerRecord, ServerRecord[]>();
  for (const task of tasks) {
    const found = task.fault === undefined ? match(task, index) : undefined;
    if (!found) continue;
    if ('fault' in found) {
      refuse(task, found.fault);
      continue;
    }
    const { found: record, how } = found;
    const there = contested.get(record);
    if (there) there.push(task);
    else if (record.joinedTo) contested.set(record, [record.joinedTo, task]);
    record.joinedTo ??= task;
    record.how = how;
  }
  return contested;
}

function refuseAll(tasks: ServerRecord[], record: ServerRecord): void {
  const message = `${tasks.length} servers (${someOf(tasks)}) match the same row (${placeOf(record)}). Correct the wrong names or FQDNs.`;
  for (const task of tasks) refuse(task, message);
}

function checkHosts(task: ServerRecord, record: ServerRecord): void {
  if (task.fqdn === undefined || record.fqdn === undefined || record.hosts.includes(folded(task.fqdn))) return;
  const theirs = `that of the row joined to it (${placeOf(record)}) is ${quoted(record.fqdn)}`;
  task.file.warn(
    task.place,
    `its FQDN is ${quoted(task.fqdn)}, and ${theirs}. Check that both are the same server.`,
    task.name,
  );
}

function warnOfUnknown(task: ServerRecord): void {
  const message =
    'no inventory has its name or FQDN: Migration Hub can find the server only by the attributes in this row.';
  task.file.warn(task.place, message, task.name);
}
