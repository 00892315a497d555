import type { TaskStateView } from '../src/task-state';
import type { EmulatorTask, JournalEntry } from '../src/emulator';
import type { DemoServer } from './demo-options';

/** All that is known of one server when the demo ends. */
export interface Outcome {
  server: DemoServer;
  /** How its migration workflow ended; undefined if it did not. */
  workflow?: 'COMPLETED' | 'FAILED';
  /** What the query `lastReportedState` says. */
  query: TaskStateView | null;
  /** What Migration Hub (the emulator) holds. */
  hub?: EmulatorTask;
}

export interface Summary {
  tasks: number;
  completed: number;
  failed: number;
  notifications: number;
  heartbeats: number;
  retries: number;
  staleSeconds: number;
  lost: number;
  mismatches: number;
  mapped: number;
  unmapped: number;
}

/** Notifications that Migration Hub took, and calls that did not get through and were retried. */
export function countCalls(journal: JournalEntry[]): Pick<Summary, 'notifications' | 'retries'> {
  const calls = journal.filter(({ operation }) => operation === 'NotifyMigrationTaskState');
  const failed = calls.filter(({ error, fault }) => error !== null || fault !== null);
  return { notifications: calls.length - failed.length, retries: failed.length };
}

export function totalStaleSeconds(tasks: EmulatorTask[]): number {
  return Math.round(tasks.reduce((sum, task) => sum + task.staleSeconds, 0) * 1000) / 1000;
}

/** The migration ended, and Migration Hub does not know how. */
export function isLost({ workflow, hub }: Outcome): boolean {
  return workflow === undefined || hub?.status !== workflow;
}

/** The query and Migration Hub disagree. */
export function isMismatch({ query, hub }: Outcome): boolean {
  const said = query?.lastDelivered;
  if (said === undefined || hub === undefined) return true;
  return (
    said.status !== hub.status ||
    (said.progressPercent ?? null) !== hub.progressPercent ||
    (said.statusDetail ?? null) !== hub.statusDetail ||
    said.updateDateTime !== hub.updateDateTime ||
    said.nextUpdateSeconds !== hub.nextUpdateSeconds
  );
}

/** Migration Hub has what the files say of the server. */
export function isMapped({ server, hub }: Outcome): boolean {
  const has = new Set(hub?.attributes.map(({ type, value }) => `${type} ${value}`));
  return server.resourceAttributes.every(({ type, value }) => has.has(`${type} ${value}`));
}

const hasAttributes = ({ server }: Outcome): boolean => server.resourceAttributes.length > 0;

/** Something may still come. */
export const isUnsettled = (outcome: Outcome): boolean => isLost(outcome) || isMismatch(outcome) || !isMapped(outcome);

export function summarize(outcomes: Outcome[], journal: JournalEntry[]): Summary {
  const count = (test: (outcome: Outcome) => boolean) => outcomes.filter(test).length;
  return {
    tasks: outcomes.length,
    completed: count(({ hub }) => hub?.status === 'COMPLETED'),
    failed: count(({ hub }) => hub?.status === 'FAILED'),
    notifications: countCalls(journal).notifications,
    heartbeats: outcomes.reduce((sum, { query }) => sum + (query?.counters.heartbeats ?? 0), 0),
    retries: countCalls(journal).retries,
    staleSeconds: totalStaleSeconds(outcomes.flatMap(({ hub }) => hub ?? [])),
    lost: count(isLost),
    mismatches: count(isMismatch),
    mapped: count((outcome) => hasAttributes(outcome) && isMapped(outcome)),
    unmapped: count((outcome) => !isMapped(outcome)),
  };
}

/** Nothing stale, lost, different or without its attributes, and heartbeats were really needed. */
export function isGood({ staleSeconds, lost, mismatches, unmapped, heartbeats }: Summary): boolean {
  return staleSeconds === 0 && lost === 0 && mismatches === 0 && unmapped === 0 && heartbeats > 0;
}

/** One line per task: the query beside Migration Hub. */
export function table(outcomes: Outcome[]): string {
  const head = [
    'wave',
    'application',
    'task',
    'query says',
    '',
    '',
    'Migration Hub has',
    '',
    '',
    'attributes',
    'agree',
  ];
  const rows = outcomes.map((outcome) => [
    outcome.query?.labels['wave'] ?? outcome.server.wave,
    outcome.server.application,
    outcome.server.name,
    ...state(outcome.query?.lastDelivered),
    ...state(outcome.hub),
    String(outcome.hub?.attributes.length ?? 0),
    isMismatch(outcome) ? 'NO' : isLost(outcome) ? 'LOST' : isMapped(outcome) ? 'yes' : 'UNMAPPED',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function state(
  task: { status: string | null; progressPercent?: number | null; updateDateTime: number | null } | undefined,
): string[] {
  if (!task || task.status === null || task.updateDateTime === null) return ['nothing', '', ''];
  const percent =
    task.progressPercent === undefined || task.progressPercent === null ? '-' : `${task.progressPercent} %`;
  return [task.status, percent.padStart(5), new Date(task.updateDateTime * 1000).toISOString().slice(11, 19)];
}
