import { isFiller, quoted } from '../values/cell';
import { nameFault, toTaskName } from '../values/task-name';
import { refuse, type ServerRecord } from './record';

/** A row that names a server, and the name of its task. */
export interface Task {
  /** The row. */
  record: ServerRecord;
  /** Empty where there is none. */
  name: string;
}

/** Names tasks by the rule of `toTaskName`, and refuses those that have no name. */
export const nameTasks = (records: ServerRecord[]): Task[] =>
  records.map((record) => {
    const name = isNone(record) ? '' : toTaskName(record.name);
    if (!record.isLeft) checkName(record, name);
    return { record, name };
  });

/** What stands for no value is no name, but among the names of virtual machines. */
const isNone = ({ name, file }: ServerRecord): boolean => isFiller(name) && !file.format?.isNamedAsItStands;

function checkName(record: ServerRecord, taskName: string): void {
  const { name, file, place, isShifted } = record;
  const fault = nameFault(name, taskName);
  if (taskName === '') {
    const what = isNone(record) ? `only ${quoted(name)}, which stands for no value` : 'empty';
    if (!isShifted) refuse(record, `the task name is ${what}. Fill in ${file.nameColumn}.`);
  } else if (fault !== undefined) refuse(record, `the task name ${quoted(name)} ${fault}`);
  else if (taskName !== name) {
    const why =
      'Migration Hub refuses ":" and "|", and extra spaces and invisible characters are removed. Use this name in the migration, too.';
    file.warn(place, `the task of ${quoted(name)} is named ${quoted(taskName)}: ${why}`, name);
  }
}
