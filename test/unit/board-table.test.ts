import { expect, it } from 'vitest';
import { pauseAfter } from '../../src/board/data/look-pause';
import { TaskTable } from '../../src/board/data/task-table';
import type { Changes, Snapshot } from '../../src/board/wire';
import { boardTaskOf } from './board-tasks';

const namesIn = (json: string | undefined) =>
  json === undefined ? [] : (JSON.parse(json) as Changes).tasks.map((task) => task.migrationTaskName);

it('only what differs is told, once', () => {
  const table = new TaskTable();
  table.put(boardTaskOf('a'));
  table.put(boardTaskOf('b'));
  expect(namesIn(table.takeChanges())).toEqual(['a', 'b']);
  expect(table.takeChanges()).toBeUndefined();
  table.put(boardTaskOf('a'));
  expect(table.takeChanges()).toBeUndefined();
  table.put(boardTaskOf('a', { status: 'IN_PROGRESS', percent: 10 }));
  table.put(boardTaskOf('a', { status: 'IN_PROGRESS', percent: 20 }));
  const changes = JSON.parse(table.takeChanges() ?? '') as Changes;
  expect(changes.gone).toEqual([]);
  expect(changes.tasks).toHaveLength(1);
  expect(changes.tasks[0]?.lastDelivered?.progressPercent).toBe(20);
});

it('a snapshot has all tasks as they are, whatever was told before', () => {
  const table = new TaskTable();
  table.put(boardTaskOf('a'));
  table.takeChanges();
  table.put(boardTaskOf('<img src=x onerror=alert(1)>', { stream: '"\n\u2028' }));
  const { tasks } = JSON.parse(table.snapshot()) as Snapshot;
  expect(tasks).toEqual([boardTaskOf('a'), boardTaskOf('<img src=x onerror=alert(1)>', { stream: '"\n\u2028' })]);
  expect(table.snapshot()).not.toMatch(/[\r\n]/);
});

it('what Temporal does not know any more is gone, and comes back where it is read again', () => {
  const table = new TaskTable();
  for (const name of ['a', 'b']) table.put(boardTaskOf(name));
  table.takeChanges();
  expect(JSON.parse(table.takeChanges(new Set(['S:b'])) ?? '')).toEqual({ tasks: [], gone: ['S:a'] });
  expect(table.size).toBe(1);
  expect(table.takeChanges(new Set(['S:b']))).toBeUndefined();
  table.put(boardTaskOf('a'));
  expect(namesIn(table.takeChanges())).toEqual(['a']);
});

it.each([
  [0, 1000],
  [100, 1000],
  [2000, 8000],
  [40_000, 60_000],
])('after a look of %i ms the next one begins after %i ms', (look, pause) => {
  expect(pauseAfter(look)).toBe(pause);
});
