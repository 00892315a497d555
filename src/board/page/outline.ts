import type { Status } from '../../report/types';
import type { Freshness } from '../../task-state/view';
import { keyOf, type BoardTask } from '../wire';
import { labelOf, statusOf } from './filters';

/** What a group is of. */
export type GroupKind = 'stream' | 'wave' | 'application';

/** What the tasks of a group are, counted. */
export interface Sums {
  /** How many. */
  tasks: number;
  /** How many have each, as they are filtered by it. */
  status: Partial<Record<Status, number>>;
  /** The percents of the tasks of each that Migration Hub has, added up. */
  points: Partial<Record<Status, number>>;
  /** How many have each. */
  freshness: Partial<Record<Freshness, number>>;
}

interface Line {
  /** Tells it from the others, whatever comes and goes. */
  id: string;
  /** From 1. */
  level: number;
}

/** A line that stands for several tasks. */
export interface GroupLine extends Line {
  /** Tells it from the line of a task. */
  kind: 'group';
  /** Of what. */
  of: GroupKind;
  /** The stream, or the value of the label; '' for none. */
  name: string;
  /** Its tasks are shown. */
  isOpen: boolean;
  /** Of all its tasks. */
  sums: Sums;
}

/** The line of a task. */
export interface TaskLine extends Line {
  /** Tells it from the line of a group. */
  kind: 'task';
  /** As it is known. */
  task: BoardTask;
}

/** A line of the list. */
export type OutlineLine = GroupLine | TaskLine;

const KINDS: GroupKind[] = ['stream', 'wave', 'application'];
const namesOf = (task: BoardTask): string[] => [
  task.progressUpdateStream,
  labelOf(task, 'wave'),
  labelOf(task, 'application'),
];

const collator = new Intl.Collator('en', { numeric: true });
/** As people order names: 2 before 10; what has none is last. */
export const compareNames = (a: string, b: string): number =>
  a === b ? 0 : a === '' ? 1 : b === '' ? -1 : collator.compare(a, b) || (a < b ? -1 : 1);

/** By stream, wave, application and name. */
export function compareTasks(a: BoardTask, b: BoardTask): number {
  const [left, right] = [namesOf(a), namesOf(b)];
  for (const [i, name] of left.entries()) {
    const order = compareNames(name, right[i] ?? '');
    if (order) return order;
  }
  return compareNames(a.migrationTaskName, b.migrationTaskName);
}

/** Nothing counted yet. */
export const noSums = (): Sums => ({ tasks: 0, status: {}, points: {}, freshness: {} });

function add(sums: Sums, task: BoardTask): void {
  const { lastDelivered, freshness } = task;
  sums.tasks++;
  sums.freshness[freshness] = (sums.freshness[freshness] ?? 0) + 1;
  const known = statusOf(task);
  if (known) sums.status[known] = (sums.status[known] ?? 0) + 1;
  if (!lastDelivered) return;
  const { status, progressPercent = 0 } = lastDelivered;
  sums.points[status] = (sums.points[status] ?? 0) + (status === 'COMPLETED' ? 100 : progressPercent);
}

/** The mean percent of a group, in which a completed task counts 100 and one that is not known 0. */
export const percentOf = ({ points, tasks }: Sums): number =>
  Object.values(points).reduce((all, each) => all + each, 0) / Math.max(1, tasks);

/** Counts tasks. */
export function sumsOf(tasks: Iterable<BoardTask>): Sums {
  const sums = noSums();
  for (const task of tasks) add(sums, task);
  return sums;
}

/**
 * The lines of tasks that are ordered by `compareTasks`: streams, in them waves, in them applications, in them tasks. Where none of a
 * group's tasks has a wave, or an application, there is no line for it. `closed`: ids of groups whose lines are left out.
 */
export function outlineOf(tasks: BoardTask[], closed: ReadonlySet<string>): OutlineLine[] {
  const lines: OutlineLine[] = [];
  /** The groups that the task before is in; undefined for a level that is left out. */
  let path: (GroupLine | undefined)[] = [];
  let before: string[] = [];
  for (const task of tasks) {
    const names = namesOf(task);
    const same = names.findIndex((name, i) => name !== before[i]);
    path = path.slice(0, same < 0 ? names.length : same);
    for (let depth = path.length; depth < names.length; depth++)
      path.push(groupAt(names, depth, path, same < depth, closed));
    for (const group of path) {
      if (!group) continue;
      if (group.sums.tasks === 0 && isShown(path, group)) lines.push(group);
      add(group.sums, task);
    }
    if (isShown(path)) lines.push({ kind: 'task', id: keyOf(task), level: path.filter(Boolean).length + 1, task });
    before = names;
  }
  return lines;
}

/** All groups above `group`, or above a task, are open. */
function isShown(path: (GroupLine | undefined)[], group?: GroupLine): boolean {
  const above = group ? path.slice(0, path.indexOf(group)) : path;
  return above.every((each) => each?.isOpen ?? true);
}

/** The group of a task at a depth; undefined where it is the first of its parent and has no name: then none has one. */
function groupAt(
  names: string[],
  depth: number,
  path: (GroupLine | undefined)[],
  isFirst: boolean,
  closed: ReadonlySet<string>,
): GroupLine | undefined {
  const name = names[depth] ?? '';
  if (name === '' && isFirst) return undefined;
  // Names have no line ends but for labels, and those cannot make two groups of a parent alike.
  const id = JSON.stringify(names.slice(0, depth + 1));
  return {
    kind: 'group',
    id,
    of: KINDS[depth] as GroupKind,
    name,
    level: path.filter(Boolean).length + 1,
    isOpen: !closed.has(id),
    sums: noSums(),
  };
}

/** The ids of the groups that are closed to show no task: waves and applications, and streams that have neither. */
export function groupsAboveTasks(tasks: BoardTask[]): string[] {
  return outlineOf(tasks, new Set()).flatMap((line, i, lines) =>
    line.kind === 'group' && (line.of !== 'stream' || lines[i + 1]?.kind === 'task') ? [line.id] : [],
  );
}
