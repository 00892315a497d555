import { quoted } from '../values/cell';
import { folded, nameFault, toTaskName } from '../values/task-name';
import { placeOf, refuse, type ServerRecord } from './record';

/** A row that names a server, and the name of its task. */
export interface Task {
  /** The row. */
  record: ServerRecord;
  /** Empty where there is none. */
  name: string;
}

/** Names tasks by the rule of `toTaskName`, and refuses those that have no name, or that of another server. */
export function nameTasks(records: ServerRecord[]): Task[] {
  const tasks = records.map((record) => ({ record, name: nameOf(record) }));
  refuseDoubles(tasks);
  warnOfDoubleHosts(tasks);
  return tasks;
}

function nameOf(record: ServerRecord): string {
  const { name, file } = record;
  const taskName = toTaskName(name);
  const fault = nameFault(name, taskName);
  if (taskName === '' && record.isShifted) return '';
  if (taskName === '') refuse(record, `the task name is empty. Fill in ${file.nameColumn}.`);
  else if (fault !== undefined) refuse(record, `the task name ${quoted(name)} ${fault}`);
  else if (taskName !== name) {
    const why =
      'Migration Hub refuses ":" and "|", and extra spaces and invisible characters are removed. Use this name in the migration, too.';
    file.warn(record.place, `the task of ${quoted(name)} is named ${quoted(taskName)}: ${why}`, name);
  }
  return taskName;
}

/** Of several rows none is taken: which one is right cannot be told. */
function refuseDoubles(tasks: Task[]): void {
  const first = new Map<string, Task>();
  for (const task of tasks) {
    if (task.name === '') continue;
    const key = folded(task.name);
    const other = first.get(key);
    if (!other) first.set(key, task);
    else {
      refuse(task.record, doubled(task, other));
      other.record.fault ??= `the task name ${quoted(other.name)} is also that of ${placeOf(task.record)}`;
    }
  }
}

function doubled({ record, name }: Task, other: Task): string {
  const isSame = record.file === other.record.file;
  const there = isSame ? `on line ${other.record.line}` : `in ${placeOf(other.record)}`;
  return name === other.name
    ? `the task name ${quoted(name)} is already ${there}, here again on line ${record.line}. Two servers cannot share a task: rename one.`
    : `the task names ${quoted(name)} and ${quoted(other.name)} (${there}) differ only in case. Rename one.`;
}

function warnOfDoubleHosts(tasks: Task[]): void {
  const first = new Map<string, ServerRecord>();
  for (const { record } of tasks) {
    if (record.fqdn === undefined) continue;
    const other = first.get(folded(record.fqdn));
    if (!other) first.set(folded(record.fqdn), record);
    else
      record.file.warn(
        record.place,
        `the FQDN ${quoted(record.fqdn)} is also that of ${placeOf(other)}: Migration Hub may map both tasks to one server. Correct the wrong one.`,
        record.fqdn,
      );
  }
}
