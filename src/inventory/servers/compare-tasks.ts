import { biosIdOf } from '../values/attributes';
import { comparableBiosId } from '../values/bios-id';
import { quoted } from '../values/cell';
import { folded } from '../values/task-name';
import type { Task } from './name-tasks';
import { allOf, forEachRow, placeOf, refuse, type ServerRecord } from './record';
import { SharedKeys } from './shared-keys';

const FOUND_TWICE = 'Migration Hub may map both tasks to one server. Correct the wrong one.';
const ONE_SERVER = 'two tasks would be of one server. Remove one of the rows, or correct the wrong id.';

/** Gets each key by which a server is compared, in the order of its rows. */
type EachKey = (task: Task, take: (key: string) => void) => void;

/** Is told of a task that has a key of another one. */
type Tell = (task: Task, other: Task, key: string) => void;

/**
 * Compares servers with each other, by all their rows: refuses those that would have one task, and those that surely are one server;
 * warns of those that Migration Hub may take for one. The name of a row that is skipped is compared with those that are not: which of
 * them is right cannot be told.
 */
export function compareTasks(tasks: Task[]): void {
  const shared = new SharedKeys();
  const [skipped, others] = [true, false].map((isLeft) => tasks.filter(({ record }) => record.isLeft === isLeft));
  const compare = (eachKey: EachKey, tell: Tell) => {
    shared.clear();
    forEachTwo(others ?? [], eachKey, shared, tell);
  };
  compareWithSkipped(others ?? [], skipped ?? []);
  compare(({ name }, take) => (name === '' ? undefined : take(folded(name))), refuseName);
  compare(ofRows(vmOf), refuseServer('virtual machine (vCenter and VM id)'));
  compare(ofRows(discoveredOf), refuseServer('id in Application Discovery Service'));
  compare(ofRows(fqdnsOf), warnOf('FQDN'));
  compare(ofRows(biosKeyOf), warnOf('BIOS_ID', biosOf));
}

const ofRows =
  (keysOf: (row: ServerRecord) => readonly string[] | string | undefined): EachKey =>
  ({ record }, take) =>
    forEachRow(record, (row) => {
      const keys = keysOf(row) ?? [];
      if (typeof keys === 'string') take(keys);
      else for (const key of keys) take(key);
    });

const vmOf = ({ vm }: ServerRecord) => vm;
const discoveredOf = ({ discoveredResource }: ServerRecord) => discoveredResource;
const fqdnsOf = ({ hosts }: ServerRecord) => hosts.filter((host) => host.includes('.'));
const biosOf = ({ attributes }: ServerRecord) => biosIdOf(attributes);

function biosKeyOf(row: ServerRecord): string | undefined {
  const id = biosOf(row);
  return id === undefined ? undefined : comparableBiosId(id);
}

/** Tells of each task, but the first, that has a key of another one, once for each key; not of two of which it is told that they may be one. */
function forEachTwo(tasks: Task[], eachKey: EachKey, shared: SharedKeys, tell: Tell): void {
  tasks.forEach((task, i) => eachKey(task, (key) => shared.add(key, i + 1)));
  const first = new Map<string, Task>();
  const told = new Map<string, Task>();
  for (const task of tasks)
    eachKey(task, (key) => {
      if (!shared.has(key)) return;
      const other = first.get(key);
      if (!other) first.set(key, task);
      if (!other || other === task || told.get(key) === task) return;
      told.set(key, task);
      if (task.record.claimedBy !== other.record.claimedBy) tell(task, other, key);
    });
}

/** The first task of a name is refused where a row that is skipped has it, too; the others are compared with that task. */
function compareWithSkipped(tasks: Task[], skipped: Task[]): void {
  const names = new Map<string, Task>();
  for (const task of skipped) if (task.name !== '' && !names.has(folded(task.name))) names.set(folded(task.name), task);
  if (names.size === 0) return;
  for (const task of tasks) {
    const other = names.get(folded(task.name));
    if (!other) continue;
    names.delete(folded(task.name));
    refuseName(task, other);
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

/** `shown`: what is shown, where the key is not written as it stands in the files. */
const warnOf =
  (what: string, shown?: (row: ServerRecord) => string | undefined) =>
  ({ record }: Task, { record: other }: Task, key: string): void => {
    const value = (shown && allOf(record).map(shown).find(Boolean)) ?? key;
    const message = `the ${what} ${quoted(value)} is also that of ${placeOf(other)}: ${FOUND_TWICE}`;
    record.file.warn(record.place, message, record.name);
  };
