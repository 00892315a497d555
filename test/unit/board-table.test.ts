import { expect, it } from 'vitest';
import { pauseAfter } from '../../src/board/data/look-pause';
import { TaskTable } from '../../src/board/data/task-table';
import { keyOf, type Changes, type Snapshot } from '../../src/board/wire';
import { boardTaskOf } from './board-tasks';

const partsIn = (parts: string[]) => parts.map((part) => JSON.parse(part) as Snapshot & Partial<Changes>);
const namesIn = (parts: string[]) =>
  partsIn(parts).flatMap(({ tasks }) => tasks.map(({ migrationTaskName }) => migrationTaskName));

it('only what differs is told, once', () => {
  const table = new TaskTable();
  table.put(boardTaskOf('a'));
  table.put(boardTaskOf('b'));
  expect(namesIn(table.takeChanges())).toEqual(['a', 'b']);
  expect(table.takeChanges()).toEqual([]);
  table.put(boardTaskOf('a'));
  expect(table.takeChanges()).toEqual([]);
  table.put(boardTaskOf('a', { status: 'IN_PROGRESS', percent: 10 }));
  table.put(boardTaskOf('a', { status: 'IN_PROGRESS', percent: 20 }));
  const changes = partsIn(table.takeChanges());
  expect(changes).toEqual([{ gone: [], tasks: [expect.anything()] }]);
  expect(changes[0]?.tasks[0]?.lastDelivered?.progressPercent).toBe(20);
});

it('a snapshot has all tasks as they are, whatever was told before', () => {
  const table = new TaskTable();
  table.put(boardTaskOf('a'));
  table.takeChanges();
  table.put(boardTaskOf('<img src=x onerror=alert(1)>', { stream: '"\n\u2028' }));
  const tasks = [boardTaskOf('a'), boardTaskOf('<img src=x onerror=alert(1)>', { stream: '"\n\u2028' })];
  expect(partsIn(table.snapshot())).toEqual([{ tasks }]);
  expect(table.snapshot().join('')).not.toMatch(/[\r\n]/);
});

it('what Temporal does not know any more is gone, and comes back where it is read again', () => {
  const table = new TaskTable();
  for (const name of ['a', 'b']) table.put(boardTaskOf(name));
  table.takeChanges();
  expect(partsIn(table.takeChanges((key) => key === 'S:b'))).toEqual([{ tasks: [], gone: ['S:a'] }]);
  expect(table.size).toBe(1);
  expect(table.takeChanges((key) => key === 'S:b')).toEqual([]);
  table.put(boardTaskOf('a'));
  expect(namesIn(table.takeChanges())).toEqual(['a']);
});

it('of many tasks no part is larger than a slow line takes in half a minute, and none is left out', () => {
  const table = new TaskTable();
  const names = Array.from({ length: 5000 }, (_, i) => `サーバー-${i}`);
  for (const name of names) table.put(boardTaskOf(name, name.endsWith('-7') ? { wave: 'w'.repeat(400_000) } : {}));
  const isSmall = (part: string) =>
    Buffer.byteLength(part) < 300_000 || (JSON.parse(part) as Changes).tasks.length === 1;
  for (const parts of [table.snapshot(), table.takeChanges(), table.takeChanges(() => false)]) {
    expect(parts.every(isSmall)).toBe(true);
    const told = partsIn(parts).flatMap(({ tasks, gone = [] }) => [...tasks.map(keyOf), ...gone]);
    expect(told).toEqual(names.map((name) => `S:${name}`));
  }
});

it('a snapshot begins with what a page takes for all, and goes on with what it adds', () => {
  const table = new TaskTable();
  for (let i = 0; i < 3000; i++) table.put(boardTaskOf(`vm-${i}`));
  const [first, ...more] = partsIn(table.snapshot());
  expect(first).not.toHaveProperty('gone');
  expect(more.length).toBeGreaterThan(0);
  for (const { gone } of more) expect(gone).toEqual([]);
});

it('of no task there is still a snapshot', () => {
  expect(partsIn(new TaskTable().snapshot())).toEqual([{ tasks: [] }]);
});

it.each([
  [0, 1000],
  [100, 1000],
  [2000, 8000],
  [40_000, 60_000],
])('after a look of %i ms the next one begins after %i ms', (look, pause) => {
  expect(pauseAfter(look)).toBe(pause);
});
