import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heartbeatWorkflowId } from '../../src/report';
import { groupMismatches, moveAll, newTaskRecord, nextHandOver, parseHeartbeatId, rivalIds, usableMove, usableTasks } from '../../src/task-state';

const text = fc.string({ minLength: 1, maxLength: 20 }).filter((each) => !each.includes(':'));

it('the id of a heartbeat workflow tells its stream and number of groups', () => {
  fc.assert(
    fc.property(text, text, fc.integer({ min: 0, max: 10_000 }), (progressUpdateStream, migrationTaskName, groups) => {
      const id = heartbeatWorkflowId({ progressUpdateStream, migrationTaskName }, groups);
      expect(parseHeartbeatId(id)).toEqual({ progressUpdateStream, groups });
    }),
  );
});

it.each([
  '',
  'mgh',
  'mgh:S',
  'mgh:S:',
  'other:S:vm-1',
  'mgh:S:1:of',
  'mgh:S:1:in:3',
  'mgh:S:1:of:03',
  'mgh:S:1:of:3:4',
  'mgh:S:1:of:0',
])('an id that is none of ours, such as "%s", counts for nothing', (id) => {
  expect(parseHeartbeatId(id)).toBeUndefined();
  expect(groupMismatches([id], () => 5)).toEqual({ held: [], mixed: [] });
});

it('a stream that is held with another number only is told apart from one whose tasks are on the move', () => {
  const ids = ['mgh:A:vm-1', 'mgh:A:vm-2', 'mgh:B:vm-1', 'mgh:B:0:of:3', 'mgh:C:1:of:3', 'mgh:D:vm-1', 'migrate-1'];
  const set: Record<string, number> = { A: 3, B: 3, C: 3 };
  expect(groupMismatches(ids, (stream) => set[stream] ?? 0)).toEqual({
    held: [{ progressUpdateStream: 'A', groups: 0, workflows: 2, example: 'mgh:A:vm-1' }],
    mixed: [{ progressUpdateStream: 'B', groups: 0, workflows: 1, example: 'mgh:B:vm-1' }],
  });
});

it('who else may hold a task is one workflow for each other number of groups', () => {
  const task = { progressUpdateStream: 'S', migrationTaskName: 'vm-1' };
  expect(rivalIds(task, 'mgh:S:vm-1', [0, 1, 1])).toEqual(['mgh:S:0:of:1']);
  expect(rivalIds(task, 'mgh:S:0:of:1', [0, 1])).toEqual(['mgh:S:vm-1']);
});

it('tasks are handed over in payloads that Temporal takes, each task once, however many and large they are', () => {
  const records = Array.from({ length: 1000 }, (_, i) => {
    const task = { progressUpdateStream: 'S', migrationTaskName: `vm-${i}`, status: 'IN_PROGRESS' as const };
    return { ...newTaskRecord(task), labels: { note: 'ü'.repeat(i % 2 ? 900 : 10) } };
  });
  moveAll(records, 3, 'mgh:S:0:of:1', 1000);
  const names: string[] = [];
  let left = records;
  while (left.length > 0) {
    const { chosen, batches } = nextHandOver('mgh:S:0:of:1', left, 50_000);
    expect(JSON.stringify(batches).length).toBeLessThan(60_000);
    for (const { to, tasks } of batches)
      for (const { record } of tasks) {
        expect(to).toBe(heartbeatWorkflowId(record ?? { progressUpdateStream: '', migrationTaskName: '' }, 3));
        names.push(record?.migrationTaskName ?? '');
      }
    left = left.slice(chosen.length);
  }
  expect(names.sort()).toEqual(records.map(({ migrationTaskName }) => migrationTaskName).sort());
});

it.each([null, 'x', {}, { groups: -1 }, { groups: 1.5 }, { groups: 10_001 }, { groups: '3' }])(
  'a signal to move that nobody could follow (%j) is dropped',
  (given) => expect(usableMove(given)).toBeUndefined(),
);

it('what another program signals as handed-over tasks, and is none, is dropped', () => {
  const good = { key: 'x', reports: [] };
  expect(usableTasks([good, null, 1, {}, { key: 'x' }, { ...good, record: {} }, { ...good, record: null }])).toEqual([
    good,
  ]);
  expect(usableTasks('x')).toEqual([]);
});
