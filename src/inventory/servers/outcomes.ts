import type { RowOutcome } from '../types';
import type { Task } from './name-tasks';
import { allOf, placeOf, type ServerRecord } from './record';
import type { RecordFile } from './record-file';

/** What became of each row, in the order of files and lines. */
export function* outcomesOf(files: RecordFile[], tasks: Task[]): Generator<RowOutcome> {
  const taskOf = new Map<ServerRecord, Task>();
  for (const task of tasks) for (const record of allOf(task.record)) taskOf.set(record, task);
  for (const file of files) {
    const others = file.others.map((row): RowOutcome => ({ file: file.name, ...row }));
    const told = file.records.filter(({ isLeft }) => !isLeft).map((record) => outcomeOf(record, taskOf.get(record)));
    yield* [...others, ...told].sort((a, b) => a.line - b.line);
  }
}

function outcomeOf(record: ServerRecord, task: Task | undefined): RowOutcome {
  const row = { file: record.file.name, line: record.line };
  if (record.fault !== undefined) return { ...row, outcome: 'error', why: record.fault };
  if (!task) return { ...row, outcome: 'skipped', why: 'the rows that match it have an error' };
  if (task.record.fault !== undefined)
    return { ...row, outcome: 'skipped', why: `the row that names its server has an error (${placeOf(task.record)})` };
  const migrationTaskName = task.name;
  if (record !== task.record) return { ...row, outcome: 'joined', migrationTaskName, why: record.how ?? '' };
  const more = allOf(record).slice(1);
  const why = more.length === 0 ? 'names a server' : `names a server; joined with ${more.map(placeOf).join('; ')}`;
  return { ...row, outcome: 'task', migrationTaskName, why };
}
