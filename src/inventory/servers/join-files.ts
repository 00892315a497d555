import { Claims } from './claims';
import { groupsOf, joinGroup, type Group } from './groups';
import { isToMigrate, leave, type ServerRecord } from './record';
import type { RecordFile } from './record-file';
import { refuseUnclear } from './refuse-unclear';
import { Source } from './source';
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
  const naming = isList ? [] : files.filter(({ role }) => role === leading);
  const tasks = (isList ? sources : naming).flatMap(({ records }) => records);
  joinSources(tasks, sources, isList ? sources : [new Source(tasks, new Set(naming)), ...sources], isList);
  if (!isList) leaveOthers(tasks, sources);
  return tasks.filter(({ joinedTo }) => !joinedTo);
}

/**
 * Joins until nothing more can be: by the keys of a row that was joined, a server may be found in sources that were asked before, or it
 * becomes clear which of several rows is meant. Only then refuses what is not clear. `all`: with the rows that name servers.
 */
function joinSources(tasks: ServerRecord[], sources: Source[], all: Source[], isList: boolean): void {
  let claims: Claims;
  let apart: Group[];
  let isJoined: boolean;
  do {
    claims = new Claims(
      tasks.filter(({ joinedTo }) => !joinedTo),
      sources,
    );
    apart = [];
    isJoined = false;
    for (const group of groupsOf(claims, all))
      if (joinGroup(group, all)) isJoined = true;
      else apart.push(group);
  } while (isJoined && sources.length > 1);
  refuseUnclear(claims, apart, all, isList);
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

function warnOfUnknown(task: ServerRecord): void {
  const message =
    'no inventory has its name or FQDN: Migration Hub can find the server only by the attributes in this row.';
  task.file.warn(task.place, message, task.name);
}
