import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  compareTasks,
  groupsAboveTasks,
  outlineOf,
  percentOf,
  sumsOf,
  type OutlineLine,
} from '../../src/board/page/outline';
import { STATUSES } from '../../src/report';
import { FRESHNESS } from '../../src/task-state';
import { boardTaskOf } from './board-tasks';

const shown = (lines: OutlineLine[]) =>
  lines.map((line) => {
    const text =
      line.kind === 'task' ? line.task.migrationTaskName : `${line.of} ${line.name || '-'} ${line.sums.tasks}`;
    return `${' '.repeat(line.level - 1)}${text}`;
  });

const WAVES = [
  boardTaskOf('web-10', { wave: 'wave-2', application: 'erp' }),
  boardTaskOf('web-2', { wave: 'wave-2', application: 'erp' }),
  boardTaskOf('db', { wave: 'wave-10' }),
  boardTaskOf('lost', { application: 'crm' }),
  boardTaskOf('plain', { stream: 'R' }),
].sort(compareTasks);

it('streams, waves, applications and tasks are in the order of people; what has no label is last, and no line where none has one', () => {
  expect(shown(outlineOf(WAVES, new Set()))).toEqual([
    'stream R 1',
    ' plain',
    'stream S 4',
    ' wave wave-2 2',
    '  application erp 2',
    '   web-2',
    '   web-10',
    ' wave wave-10 1',
    '  db',
    ' wave - 1',
    '  application crm 1',
    '   lost',
  ]);
});

it('a closed group shows its counts and none of its lines', () => {
  const closed = new Set([JSON.stringify(['S', 'wave-2'])]);
  expect(shown(outlineOf(WAVES, closed)).slice(2, 5)).toEqual(['stream S 4', ' wave wave-2 2', ' wave wave-10 1']);
  expect(shown(outlineOf(WAVES, new Set(groupsAboveTasks(WAVES))))).toEqual([
    'stream R 1',
    'stream S 4',
    ' wave wave-2 2',
    ' wave wave-10 1',
    ' wave - 1',
  ]);
  expect(shown(outlineOf(WAVES, new Set([JSON.stringify(['S'])])))).toEqual(['stream R 1', ' plain', 'stream S 4']);
});

const label = fc.constantFrom(undefined, '', 'a', 'b', '__proto__');
const tasks = fc
  .uniqueArray(fc.record({ name: fc.string(), stream: fc.constantFrom('S', 'T'), wave: label, application: label }), {
    selector: ({ name, stream }) => `${stream}:${name}`,
  })
  .map((all) => all.map(({ name, ...given }) => boardTaskOf(name, given)).sort(compareTasks));

it('whatever the labels are, each task has one line, each line an id of its own, and each group counts what is below it', () => {
  fc.assert(
    fc.property(tasks, (all) => {
      const lines = outlineOf(all, new Set());
      expect(lines.flatMap((line) => (line.kind === 'task' ? [line.task] : []))).toEqual(all);
      expect(new Set(lines.map(({ kind, id }) => kind + id)).size).toBe(lines.length);
      lines.forEach((line, i) => {
        if (line.kind !== 'group') return;
        const end = lines.findIndex((each, j) => j > i && each.level <= line.level);
        const below = lines.slice(i + 1, end < 0 ? undefined : end).filter(({ kind }) => kind === 'task');
        expect(below).toHaveLength(line.sums.tasks);
      });
      expect(lines[0]?.level ?? 1).toBe(1);
      lines.slice(1).forEach((line, i) => expect(line.level - (lines[i]?.level ?? 0)).toBeLessThanOrEqual(1));
    }),
  );
});

it('whatever the labels are, without all groups that hold tasks no task is shown, and each stream still is', () => {
  fc.assert(
    fc.property(tasks, (all) => {
      const lines = outlineOf(all, new Set(groupsAboveTasks(all)));
      expect(lines.filter(({ kind }) => kind === 'task')).toEqual([]);
      const streams = lines.flatMap((line) => (line.kind === 'group' && line.of === 'stream' ? [line.name] : []));
      expect(streams).toEqual([...new Set(all.map(({ progressUpdateStream }) => progressUpdateStream))].sort());
    }),
  );
});

it('sums count statuses and freshness, and a percent in which a completed task counts whole', () => {
  const sums = sumsOf([
    boardTaskOf('a', { status: 'COMPLETED', freshness: 'terminal' }),
    boardTaskOf('b', { status: 'IN_PROGRESS', percent: 50 }),
    boardTaskOf('c', { status: 'FAILED', percent: 30, freshness: 'terminal' }),
    boardTaskOf('d'),
    boardTaskOf('e', { pending: { status: 'NOT_STARTED', progressPercent: 50, acceptedAt: 1, attempts: 3 } }),
  ]);
  expect(sums).toMatchObject({
    tasks: 5,
    status: { COMPLETED: 1, IN_PROGRESS: 1, FAILED: 1, NOT_STARTED: 1 },
    freshness: { terminal: 2, fresh: 1, 'never-delivered': 2 },
  });
  // Migration Hub has nothing of the last two.
  expect(percentOf(sums)).toBeCloseTo(36);
  for (const each of Object.keys(sums.status)) expect(STATUSES).toContain(each);
  for (const each of Object.keys(sums.freshness)) expect(FRESHNESS).toContain(each);
});
