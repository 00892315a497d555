import { expect, it } from 'vitest';
import { colorsFor } from '../../src/cli/color';
import { widthOf } from '../../src/cli/table';
import { LiveTable } from '../../src/cli/watch/live-table';
import type { ReportedState } from '../../src/task-state';

const NOW = 1_800_000_000;
const COUNTERS = { reports: 1, notifications: 1, heartbeats: 0, retries: 0, missedDeadlines: 0, refused: 0 };

const stateOf = (migrationTaskName: string, more: Partial<ReportedState> = {}): ReportedState => ({
  progressUpdateStream: 'S',
  migrationTaskName,
  labels: {},
  lastDelivered: {
    status: 'IN_PROGRESS',
    progressPercent: 40,
    updateDateTime: NOW - 60,
    nextUpdateSeconds: 3600,
    deadline: NOW + 3540,
    deliveredAt: NOW - 60,
  },
  nextHeartbeatAt: NOW + 1140,
  registered: true,
  freshness: 'fresh',
  judgedAt: NOW,
  counters: COUNTERS,
  owners: [],
  reporters: {},
  source: 'history',
  ...more,
});

const frameOf = (table: LiveTable, columns = 120, rows = 10, now = NOW) =>
  table.frame({ columns, rows, now, colors: colorsFor('never'), timeFormat: 'relative' });

function tableWith(...states: ReportedState[]): LiveTable {
  const table = new LiveTable('S');
  for (const state of states) table.set(state);
  return table;
}
const type = (table: LiveTable, text: string) => [...text].map((each) => table.press(each, { name: each }));
const named = (table: LiveTable, rows = 10) =>
  frameOf(table, 120, rows)
    .slice(2, -1)
    .flatMap((line) => line.split(' ')[0] || []);

it('shows each task with its countdowns, which move, and its deadline once it has passed', () => {
  const table = tableWith(stateOf('web-10'), stateOf('web-2'));
  const [title, header, first, second] = frameOf(table);
  expect(title).toBe('S  2 tasks: 2 fresh');
  expect(header).toMatch(/^TASK +STATUS +PERCENT +FRESHNESS +HEARTBEAT +DEADLINE +PENDING +DETAIL/);
  expect(first).toMatch(/^web-2 +IN_PROGRESS +40 % +fresh +in 19m +in 59m/);
  expect(second).toMatch(/^web-10 /);
  expect(frameOf(table, 120, 10, NOW + 10)[2]).toMatch(/in 18m 50s +in 58m 50s/);
  const late = frameOf(table, 120, 10, NOW + 3600);
  expect(late[0]).toBe('S  2 tasks: 2 stale');
  expect(late[2]).toMatch(/stale .* 1m ago/);
});

it.each([
  [120, 10],
  [40, 5],
  [10, 4],
  [1, 1],
  [300, 100],
])('is as large as the terminal: %d columns, %d rows', (columns, rows) => {
  const table = tableWith(...Array.from({ length: 50 }, (_, i) => stateOf(`データ-${i}-${'x'.repeat(200)}`)));
  const frame = frameOf(table, columns, rows);
  expect(frame).toHaveLength(rows);
  for (const line of frame) expect(widthOf(line)).toBeLessThanOrEqual(columns);
});

it('/ filters while one types, by name, status, freshness and labels; all words must be there', () => {
  const table = tableWith(
    stateOf('web-1', { labels: { wave: '7' } }),
    stateOf('web-2', { freshness: 'stale' }),
    stateOf('db-1', { labels: { wave: '7' } }),
  );
  type(table, '/web');
  expect(named(table)).toEqual(['web-1', 'web-2']);
  expect(frameOf(table).at(-1)).toMatch(/^\/web_/);
  type(table, ' WAVE=7');
  expect(named(table)).toEqual(['web-1']);
  table.press(undefined, { name: 'backspace' });
  table.press(undefined, { name: 'return' });
  expect(named(table)).toEqual(['web-1']);
  table.press(undefined, { name: 'escape' });
  expect(named(table)).toEqual(['db-1', 'web-1', 'web-2']);
  type(table, '/stale');
  expect(named(table)).toEqual(['web-2']);
});

it('q ends it, but is a letter in a filter; Ctrl-C always ends it', () => {
  const table = tableWith(stateOf('sql-1'), stateOf('web-1'));
  expect(type(table, '/q')).toEqual([false, false]);
  expect(named(table)).toEqual(['sql-1']);
  expect(table.press('\u0003', { name: 'c', ctrl: true })).toBe(true);
  table.press(undefined, { name: 'return' });
  expect(table.press('q', { name: 'q' })).toBe(true);
});

it('scrolls by line, by page and to both ends', () => {
  const table = tableWith(...Array.from({ length: 20 }, (_, i) => stateOf(`vm-${i}`)));
  const press = (name: string) => (table.press(undefined, { name }), named(table, 8));
  expect(named(table, 8)).toEqual(['vm-0', 'vm-1', 'vm-2', 'vm-3', 'vm-4']);
  expect(press('down')[0]).toBe('vm-1');
  expect(press('pagedown')[0]).toBe('vm-6');
  expect(press('end')).toEqual(['vm-15', 'vm-16', 'vm-17', 'vm-18', 'vm-19']);
  expect(press('down')[0]).toBe('vm-15');
  expect(press('up')[0]).toBe('vm-14');
  expect(press('home')[0]).toBe('vm-0');
  expect(frameOf(table, 120, 8).at(-1)).toContain('1-5 of 20');
});

it('says what a stream without tasks is, and shows what was said of an outage until something changes', () => {
  const table = new LiveTable('S\u001b[2J');
  expect(frameOf(table)[0]).toBe('S [2J  no task seen yet');
  table.notice = 'the Temporal server does not answer';
  expect(frameOf(table).at(-1)).toBe('the Temporal server does not answer');
  table.set(stateOf('web-1', { lastDelivered: undefined, freshness: 'never-delivered', nextHeartbeatAt: undefined }));
  expect(frameOf(table).at(-1)).toContain('/ filter');
  expect(frameOf(table)[2]).toMatch(/^web-1 +- +- +never-delivered/);
});
