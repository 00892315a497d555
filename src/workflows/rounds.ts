import { ActivityFailure, log } from '@temporalio/workflow';
import {
  bookAttributes,
  bookOutcomes,
  bookRegistrations,
  deadlineOf,
  ownerQuestion,
  stamp,
  type Answers,
  type TaskRecord,
} from '../task-state';
import { whyUnanswered } from './unanswered';
import { notifyActivities } from './definitions';

export const workflowSeconds = (): number => Date.now() / 1000;

/** Registers tasks that this workflow meets for the first time; what Migration Hub holds of them counts. */
export async function registerRound(records: TaskRecord[]): Promise<void> {
  const answers = await answersOf(() => notifyActivities(records.length).registerTasks(records.map(identityOf)));
  bookRegistrations(records, answers, workflowSeconds());
  if (!Array.isArray(answers)) return;
  records.forEach(({ migrationTaskName }, i) => {
    const answer = answers[i];
    if (answer && 'unread' in answer)
      log.warn('a task could not be read back: what it holds is not known', { migrationTaskName, ...answer.unread });
  });
}

/** Puts the resource attributes of tasks that are registered. */
export async function attributesRound(records: TaskRecord[]): Promise<void> {
  const tasks = records.map((record) => ({
    ...identityOf(record),
    resourceAttributes: record.resourceAttributes ?? [],
  }));
  const sent = tasks.map(({ resourceAttributes }) => resourceAttributes);
  const answers = await answersOf(() => notifyActivities(tasks.length).putAttributes(tasks));
  bookAttributes(records, sent, answers, workflowSeconds());
  for (const { migrationTaskName, attributesFailure } of records)
    if (attributesFailure) log.warn('resource attributes were not taken', { migrationTaskName, ...attributesFailure });
}

/** Stamps and sends one notification of each task, and books what became of it. */
export async function notifyRound(records: TaskRecord[]): Promise<void> {
  const now = workflowSeconds();
  const notifications = records.map((record) => stamp(record, now));
  const owners = records.map(ownerQuestion);
  // Past its deadline a notification would arrive stale: it is then not started, but stamped anew.
  const startWithin = Math.min(Math.max(10, Math.min(...notifications.map(deadlineOf)) - now), 86_400);
  const { notifyTaskStates } = notifyActivities(records.length, startWithin);
  const answers = await answersOf(() =>
    owners.some((owner) => owner) ? notifyTaskStates(notifications, owners) : notifyTaskStates(notifications),
  );
  bookOutcomes(records, answers, workflowSeconds());
  if (!Array.isArray(answers)) return;
  records.forEach(({ migrationTaskName, abandoned }, i) => {
    const answer = answers[i];
    if (answer && 'ownerEnd' in answer && abandoned)
      log.warn('heartbeats of a task end', { migrationTaskName, reason: abandoned.reason });
  });
}

const identityOf = ({ progressUpdateStream, migrationTaskName }: TaskRecord) => ({
  progressUpdateStream,
  migrationTaskName,
});

/** What the activity answered, or why it did not. */
async function answersOf<T>(activity: () => Promise<T[]>): Promise<Answers<T>> {
  try {
    return await activity();
  } catch (error) {
    return whyUnanswered(error instanceof ActivityFailure ? error.cause : error);
  }
}
