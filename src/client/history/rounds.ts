import { type ResourceAttribute, type TaskIdentity } from '../../report';
import {
  bookAttributes,
  bookHandOver,
  bookOutcomes,
  bookRegistrations,
  nextHandOver,
  sentAt,
  stamp,
  type Answers,
  type HandOverBatch,
  type TaskGroup,
  type TaskNotification,
  type TaskRecord,
} from '../../task-state';

/** One activity on its way for some tasks, and how its answers are booked. */
export interface Round {
  records: TaskRecord[];
  book(answers: Answers<never>, now: number): void;
}

function recordsOf(group: TaskGroup, tasks: TaskIdentity[]): TaskRecord[] {
  return tasks.map(({ migrationTaskName }) => {
    const record = group.records.get(migrationTaskName);
    if (!record) throw new Error(`the history has an activity for ${migrationTaskName}, of which it never heard`);
    return record;
  });
}

/** What the workflow did when it scheduled an activity, by the activity's type: see src/workflows/rounds.ts. */
export const ROUNDS: Readonly<Record<string, (group: TaskGroup, args: unknown[], now: number) => Round>> = {
  registerTasks(group, [tasks]) {
    const records = recordsOf(group, tasks as TaskIdentity[]);
    return { records, book: (answers, now) => bookRegistrations(records, answers, now) };
  },
  notifyTaskStates(group, [notifications], now) {
    const records = recordsOf(group, notifications as TaskNotification[]);
    records.forEach((record, i) => send(record, (notifications as TaskNotification[])[i] as TaskNotification, now));
    return { records, book: (answers, at) => bookOutcomes(records, answers, at) };
  },
  putAttributes(group, [tasks]) {
    const put = tasks as (TaskIdentity & { resourceAttributes: ResourceAttribute[] })[];
    const records = recordsOf(group, put);
    const sent = put.map(({ resourceAttributes }) => resourceAttributes);
    return { records, book: (answers, now) => bookAttributes(records, sent, answers, now) };
  },
  handOverTasks(group, [batches]) {
    // The length of the keys, which begin with the workflow's id, counts for how many tasks went at once.
    const key = (batches as HandOverBatch[])[0]?.tasks[0]?.key ?? '';
    const { chosen } = nextHandOver(key.slice(0, key.lastIndexOf(' ')), group.still());
    return {
      records: chosen.map(({ record }) => record),
      // It answers nothing, or why it failed.
      book: (answers, now) => (answers ? undefined : bookHandOver({ chosen }, now)),
    };
  },
};

/** Puts the notification in flight, to the letter as it was scheduled. */
function send(record: TaskRecord, sent: TaskNotification, now: number): void {
  const made = stamp(record, now);
  if (made.updateDateTime !== sent.updateDateTime) sentAt(record, sent.updateDateTime);
  Object.assign(made, sent);
}
