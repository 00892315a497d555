import { IDENTITY_FIELDS, must, optional, type Checks } from '../report/fields';
import { checkOptions } from '../report/option-names';
import { meant } from '../report/meant';
import type { TaskIdentity } from '../report';
import type { TaskListOptions } from './task-lists';
import { FRESHNESS, type Freshness, type TaskStateView } from '../task-state';

/** Which tasks are listed: those that meet all that is given. */
export interface TaskFilter {
  /** Of this stream. @default all streams of the namespace */
  progressUpdateStream?: string;
  /** With these labels: of each name this value, or one of these. */
  labels?: Record<string, string | string[]>;
  /** With this freshness, or one of these. */
  freshness?: Freshness | Freshness[];
}

/** Which tasks are watched. */
export interface WatchedTasks extends Pick<TaskFilter, 'labels'> {
  /** Of this stream. */
  progressUpdateStream: string;
  /** This task. @default all tasks of the stream */
  migrationTaskName?: string;
}

const { progressUpdateStream, migrationTaskName } = IDENTITY_FIELDS;

const isText = (value: unknown): boolean => typeof value === 'string';
/** One or several of what suits. */
const someOf = (suits: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) ? value.length > 0 && value.every(suits) : suits(value);

const labels = optional(
  must(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every(someOf(isText)),
    'it must be an object that gives for each label a string, or a list of at least one',
  ),
);

const isFreshness = (value: unknown): boolean => FRESHNESS.includes(value as Freshness);

function freshness(given: unknown): string | undefined {
  if (given === undefined || someOf(isFreshness)(given)) return undefined;
  const wrong = [given].flat().find((each) => !isFreshness(each));
  const guess = isText(wrong) ? meant(wrong as string, [...FRESHNESS]) : undefined;
  return guess
    ? `there is no ${String(wrong)}: did you mean ${guess}?`
    : `it must be one or several of ${FRESHNESS.join(', ')}`;
}

const FILTER: Checks<TaskFilter> = { progressUpdateStream: optional(progressUpdateStream), labels, freshness };
const LIST_OPTIONS: Checks<TaskListOptions> = {
  onUnreadable: optional(must((value) => typeof value === 'function', 'it must be a function')),
};
const WATCHED: Checks<WatchedTasks> = { progressUpdateStream, migrationTaskName: optional(migrationTaskName), labels };

/** @throws ConfigurationError naming what is wrong in a filter, or misspelt */
export const checkFilter = (given: TaskFilter): void => checkOptions('list', given, FILTER);

/** @throws ConfigurationError naming what is wrong in how tasks are to be listed, or misspelt */
export const checkListOptions = (given: TaskListOptions): void =>
  checkOptions('list, in its second argument,', given, LIST_OPTIONS);

/** @throws ConfigurationError naming what is wrong in what is to be watched, or misspelt */
export const checkWatched = (given: WatchedTasks): void => checkOptions('watch', given, WATCHED);

/** @throws ConfigurationError naming what cannot be the name of a stream or task */
export const checkTask = (task: TaskIdentity): void =>
  checkOptions<TaskIdentity>('lastReportedState', task, IDENTITY_FIELDS);

/** Whether a task has the labels and the freshness that are asked for. */
export function isMatch(state: TaskStateView, filter: Pick<TaskFilter, 'labels' | 'freshness'>): boolean {
  const wanted = Object.entries(filter.labels ?? {});
  const hasLabels = wanted.every(([name, values]) => {
    const value = Object.hasOwn(state.labels, name) ? state.labels[name] : undefined;
    return value !== undefined && [values].flat().includes(value);
  });
  return hasLabels && (filter.freshness === undefined || [filter.freshness].flat().includes(state.freshness));
}
