import { STATUSES, type Status } from '../../report/types';
import { FRESHNESS, type Freshness } from '../../task-state/view';
import type { BoardTask } from '../wire';

/** Which tasks are shown: those that meet all of it. */
export interface Filters {
  /** Words, each of which is in the name, stream, label, detail or failure. */
  text: string;
  /** One of these, as `statusOf` has it; empty: any. */
  status: Status[];
  /** One of these; empty: any. */
  freshness: Freshness[];
  /** Of this stream. */
  stream?: string;
  /** With this label; '' for none. */
  wave?: string;
  /** With this label; '' for none. */
  application?: string;
}

/** What the URL of the page keeps. */
export interface View {
  /** Which tasks are shown. */
  filters: Filters;
  /** The key of the task whose panel is open. */
  open?: string;
}

/** All tasks. */
export const NO_FILTERS: Filters = { text: '', status: [], freshness: [] };

const CHOICES = ['stream', 'wave', 'application'] as const;

/** Reads the query of a URL; what it does not know is left out. */
export function viewFrom(search: string): View {
  const given = new URLSearchParams(search);
  const filters: Filters = {
    text: given.get('q') ?? '',
    status: STATUSES.filter((each) => given.getAll('status').includes(each)),
    freshness: FRESHNESS.filter((each) => given.getAll('freshness').includes(each)),
  };
  for (const name of CHOICES) filters[name] = given.get(name) ?? undefined;
  return { filters, open: given.get('task') || undefined };
}

/** The query of a URL, with its question mark; empty where there is nothing to keep. */
export function searchOf({ filters, open }: View): string {
  const kept = new URLSearchParams();
  if (filters.text.trim()) kept.set('q', filters.text);
  for (const each of filters.status) kept.append('status', each);
  for (const each of filters.freshness) kept.append('freshness', each);
  for (const name of CHOICES) {
    const value = filters[name];
    if (value !== undefined) kept.set(name, value);
  }
  if (open) kept.set('task', open);
  const search = kept.toString();
  return search && `?${search}`;
}

/** Whether anything is left out. */
export const isFiltered = (filters: Filters): boolean => searchOf({ filters }) !== '';

/** A label of a task; '' where it has none. */
export const labelOf = ({ labels }: Pick<BoardTask, 'labels'>, name: string): string =>
  Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';

/** By which status a task is found: what Migration Hub has; where that is nothing yet, what it is to get. */
export const statusOf = ({
  lastDelivered,
  pending,
}: Pick<BoardTask, 'lastDelivered' | 'pending'>): Status | undefined => (lastDelivered ?? pending)?.status;

/** What the words of a filter are looked for in. */
export function textOf(task: BoardTask): string {
  const { lastDelivered, pending, lastFailure, abandoned, labels } = task;
  return [
    task.migrationTaskName,
    task.progressUpdateStream,
    ...Object.values(labels),
    lastDelivered?.statusDetail,
    pending?.statusDetail,
    lastFailure?.type,
    lastFailure?.message,
    abandoned?.reason,
  ]
    .join('\n')
    .toLowerCase();
}

/** A check of tasks; `text` is `textOf` the task. `without`: a filter that does not count. */
export function matcher(
  filters: Filters,
  without?: 'status' | 'freshness',
): (task: BoardTask, text: string) => boolean {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  const status = without === 'status' ? [] : filters.status;
  const freshness = without === 'freshness' ? [] : filters.freshness;
  const { stream, wave, application } = filters;
  return (task, text) =>
    (stream === undefined || task.progressUpdateStream === stream) &&
    (wave === undefined || labelOf(task, 'wave') === wave) &&
    (application === undefined || labelOf(task, 'application') === application) &&
    (freshness.length === 0 || freshness.includes(task.freshness)) &&
    (status.length === 0 || status.includes(statusOf(task) as Status)) &&
    words.every((word) => text.includes(word));
}
