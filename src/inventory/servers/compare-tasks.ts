import { biosIdOf } from '../values/attributes';
import { comparableBiosId } from '../values/bios-id';
import { quoted } from '../values/cell';
import { folded } from '../values/task-name';
import type { Task } from './name-tasks';
import { allOf, placeOf, refuse, type ServerRecord } from './record';

const FOUND_TWICE = 'Migration Hub may map both tasks to one server. Correct the wrong one.';
const ONE_SERVER = 'two tasks would be of one server. Remove one of the rows, or correct the wrong id.';

/** What servers are compared by. */
type KeysOf = (task: Task) => readonly string[];
/** What all rows of a server have. */
const ofRows =
  (keysIn: (row: ServerRecord) => readonly string[] | string | undefined): KeysOf =>
  ({ record }) =>
    allOf(record).flatMap((row) => keysIn(row) ?? []);

/**
 * Compares servers with each other, by all their rows: refuses those that would have one task, and those that surely are one server;
 * warns of those that Migration Hub may take for one. A row that is skipped is compared with those that are not: which of them is right
 * cannot be told.
 */
export function compareTasks(tasks: Task[]): void {
  forEachTwo(tasks, ({ name }) => (name === '' ? [] : [folded(name)]), refuseName);
  forEachTwo(tasks, ofRows(vmOf), refuseServer('virtual machine (vCenter and VM id)'));
  forEachTwo(tasks, ofRows(discoveredOf), refuseServer('id in Application Discovery Service'));
  forEachTwo(tasks, ofRows(fqdnsOf), warnOf('FQDN'));
  forEachTwo(tasks, ofRows(biosKeyOf), warnOf('BIOS_ID', ofRows(biosOf)));
}

const vmOf = ({ vm }: ServerRecord) => vm;
const discoveredOf = ({ discoveredResource }: ServerRecord) => discoveredResource;
const biosOf = ({ attributes }: ServerRecord) => biosIdOf(attributes);
const fqdnsOf = ({ hosts }: ServerRecord) => hosts.filter((host) => host.includes('.'));

function biosKeyOf(row: ServerRecord): string | undefined {
  const id = biosOf(row);
  return id === undefined ? undefined : comparableBiosId(id);
}

/** Tells of each task, but the first, that has a key of another one, once for each key; not of two that are skipped. */
function forEachTwo(tasks: Task[], keysOf: KeysOf, tell: (task: Task, other: Task, key: string) => void): void {
  const first = new Map<string, Task>();
  const told = new Map<string, Task>();
  for (const task of tasks)
    for (const key of keysOf(task)) {
      const other = first.get(key);
      if (!other) first.set(key, task);
      if (!other || other === task || told.get(key) === task) continue;
      told.set(key, task);
      if (!task.record.isLeft) tell(task, other, key);
      else if (!other.record.isLeft) tell(other, task, key);
    }
}

/** Of several rows none is taken: which one is right cannot be told. */
function refuseName(task: Task, other: Task): void {
  refuse(task.record, sameName(task, other));
  other.record.fault ??= `the task name ${quoted(other.name)} is also that of ${placeOf(task.record)}`;
}

function sameName({ record, name }: Task, other: Task): string {
  const isSame = record.file === other.record.file;
  const there = isSame ? `on line ${other.record.line}` : `in ${placeOf(other.record)}`;
  if (other.record.isLeft)
    return `the task name ${quoted(name)} is also ${there}, in a row that is skipped. Remove the wrong one of both rows.`;
  return name === other.name
    ? `the task name ${quoted(name)} is already ${there}, here again on line ${record.line}. Two servers cannot share a task: rename one.`
    : `the task names ${quoted(name)} and ${quoted(other.name)} (${there}) differ only in case. Rename one.`;
}

/** For rows that have an error each, that is enough. */
const refuseServer =
  (what: string) =>
  ({ record }: Task, { record: other }: Task, key: string): void => {
    if (record.fault !== undefined && other.fault !== undefined) return;
    const message = `the ${what} ${quoted(key)} is also that of ${placeOf(other)}`;
    refuse(record, `${message}: ${ONE_SERVER}`);
    other.fault ??= `the ${what} ${quoted(key)} is also that of ${placeOf(record)}`;
  };

/** `valuesOf`: what is shown, where the key is not written as it stands in the files. */
const warnOf =
  (what: string, valuesOf?: KeysOf) =>
  (task: Task, { record: other }: Task, key: string): void => {
    const value = valuesOf?.(task)[0] ?? key;
    const message = `the ${what} ${quoted(value)} is also that of ${placeOf(other)}: ${FOUND_TWICE}`;
    task.record.file.warn(task.record.place, message, task.record.name);
  };
