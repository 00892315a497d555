import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/client/workflow-runs';
import { OwnerWatch } from '../../src/activities/owner-watch';
import type { ReportOwner } from '../../src/report';
import {
  fitPayload,
  fitsPayload,
  toRounds,
  type Outcome,
  type Owner,
  type TaskRecord,
  type TaskStateView,
} from '../../src/task-state';
import { groupOf, reportOf } from './tasks';

const START = 1_000_000;

/** A task whose owners are asked at a Temporal server that knows these workflows; it forgets what is deleted. */
function taskOf(known: Record<string, Answer>) {
  const group = groupOf();
  let now = START;
  let sequence = 0;
  const list = (ids: string[]) =>
    Promise.resolve(new Map(ids.flatMap((id) => (known[id] && !known[id].end ? [[id, known[id]] as const] : []))));
  const asked = () => group.records.get('vm-1')?.owners ?? [];
  return {
    report(workflowId: string, more: Partial<ReportOwner> = {}) {
      const owner = { ownerId: `run of ${workflowId}`, workflowId, sequence: ++sequence, ...more };
      group.take(reportOf(1, { owner }), now);
    },
    /** Sends what is due after so many seconds; gives the warnings of it, and how many were asked. */
    async send(seconds: number) {
      now += seconds;
      const round = group.takeDue(now);
      const questions = round.items.flatMap(({ owners }) => owners ?? []);
      const ask = ({ workflowId, workflowType }: Owner) =>
        Promise.resolve(
          known[`${workflowId} of ${workflowType}`] ?? known[workflowId] ?? ({ end: 'NOT_FOUND' } as const),
        );
      const watch = new OwnerWatch(questions, ask, list);
      const others: Record<number, Outcome> = {};
      for (const [i, { owners }] of round.items.entries()) if (owners) others[i] = await watch.find(owners);
      return group.settle(round, { stampedAt: Math.floor(now), others }, now);
    },
    view: () => group.view('vm-1', now) as TaskStateView,
    names: () => asked().map(({ workflowId }) => workflowId),
  };
}
/** So many short children that have reported and ended. */
function children(
  task: ReturnType<typeof taskOf>,
  known: Record<string, Answer>,
  count: number,
  by: Answer,
  prefix = 'child',
) {
  for (let i = 0; i < count; i++) {
    known[`${prefix}-${i}`] = { end: 'COMPLETED', ...by };
    task.report(`${prefix}-${i}`);
  }
}

describe('a task of which a parent and many short children report', () => {
  it('is alive while the parent is open, though the root of its tree has completed', async () => {
    const known: Record<string, Answer> = { parent: { parent: 'root', root: 'root' }, root: { end: 'COMPLETED' } };
    const task = taskOf(known);
    task.report('parent');
    children(task, known, 33, { parent: 'parent', root: 'root' });
    await task.send(1);
    for (let i = 0; i < 5; i++) await task.send(1200);
    expect(task.view()).toMatchObject({ counters: { heartbeats: 5 } });
    expect(task.view().abandoned).toBeUndefined();
    expect(task.names()).toEqual(['parent', 'child-32']);
    known['parent'] = { end: 'FAILED', parent: 'root', root: 'root' };
    await task.send(1200);
    expect(task.view().abandoned?.reason).toBe('its owner parent failed');
  });

  it('is alive while a workflow is open that reported among hundreds of them between two heartbeats', async () => {
    const known: Record<string, Answer> = { late: {}, root: { end: 'COMPLETED' } };
    const task = taskOf(known);
    for (let burst = 0; burst < 20; burst++) {
      children(task, known, 20, { root: 'root' }, `burst-${burst}`);
      if (burst === 3) task.report('late');
      await task.send(1);
    }
    expect(task.names().length).toBeLessThanOrEqual(32);
    await task.send(1200);
    expect(task.names()).toEqual(['late', 'burst-19-19']);
    expect(task.view()).toMatchObject({ counters: { heartbeats: 1 } });
  });

  it('is alive while a parent is open that never reports itself, its root ended', async () => {
    const known: Record<string, Answer> = { parent: { root: 'root', parent: 'root' }, root: { end: 'COMPLETED' } };
    const task = taskOf(known);
    children(task, known, 100, { parent: 'parent', root: 'root' });
    await task.send(1);
    await task.send(1200);
    expect(task.names()).toEqual(['parent', 'child-99']);
    known['parent'] = { end: 'COMPLETED' };
    await task.send(1200);
    expect(task.view().abandoned?.reason).toContain('its owner child-99 completed without reporting an end');
  });

  it('is alive while the root is open, though Temporal has forgotten the child that told of it', async () => {
    const known: Record<string, Answer> = { root: {} };
    const task = taskOf(known);
    task.report('child', { rootWorkflowId: 'root' });
    await task.send(1);
    await task.send(1200);
    expect(task.view()).toMatchObject({ counters: { heartbeats: 1 } });
    expect(task.view().owners).toEqual([{ workflowId: 'root' }, { workflowId: 'child', root: 'root' }]);
  });

  it('does not ask those of an attempt before, though the answer about them comes in the next one', async () => {
    const known: Record<string, Answer> = { old: { end: 'COMPLETED', root: 'root' }, root: {}, new: {} };
    const group = groupOf();
    const by = (workflowId: string, attempt: string) => ({ ownerId: workflowId, workflowId, sequence: 1, attempt });
    group.take(reportOf(1, { owner: by('old', '1') }), START);
    group.settle(group.takeDue(START), { others: {} }, START);
    const round = group.takeDue(START + 1200);
    group.take(reportOf(2, { owner: { ...by('old', '1'), sequence: 2 }, status: 'FAILED' }), START + 1201);
    group.take(reportOf(1, { owner: by('new', '2') }), START + 1202);
    const found = await new OwnerWatch(
      [],
      ({ workflowId }) => Promise.resolve(known[workflowId] ?? {}),
      () => Promise.resolve(new Map()),
    ).find(round.items[0]?.owners ?? { workflows: [], heartbeat: true });
    expect(found.owners).toHaveLength(2);
    group.settle(round, { others: { 0: found } }, START + 1203);
    expect(group.records.get('vm-1')?.owners).toEqual([{ workflowId: 'new' }]);
  });
});

describe('a workflow that reported, by its type', () => {
  it('is in the query, once for each id: the type of its newest report counts', async () => {
    const task = taskOf({});
    task.report('vm-1', { workflowType: 'migrate', rootWorkflowId: 'wave' });
    task.report('vm-1', { workflowType: 'cutOver' });
    expect(task.view().owners).toEqual([{ workflowId: 'vm-1', workflowType: 'cutOver' }]);
    task.report('vm-1');
    expect(task.view().owners).toEqual([{ workflowId: 'vm-1' }]);
    await task.send(1);
  });

  it('is not the one of another type that has its id now', async () => {
    const task = taskOf({ 'vm-1': { workflowType: 'other' }, 'vm-1 of migrate': { end: 'TERMINATED' } });
    task.report('vm-1', { workflowType: 'migrate' });
    await task.send(1);
    await task.send(1200);
    expect(task.view()).toMatchObject({ abandoned: { reason: 'its owner vm-1 was terminated' } });
  });

  it('is known by its id alone where the state that was carried has no type', async () => {
    const group = groupOf();
    group.take(reportOf(1, { owner: { ownerId: 'r', workflowId: 'vm-1', sequence: 1 } }), START);
    group.settle(group.takeDue(START), { others: {} }, START);
    const carried = groupOf({}, 0, JSON.parse(JSON.stringify([...group.records.values()])) as TaskRecord[]);
    const [item] = carried.takeDue(START + 1200).items;
    const open = new Map<string, Answer>([['vm-1', { workflowType: 'whatever' }]]);
    const watch = new OwnerWatch([], undefined, () => Promise.resolve(open));
    expect(await watch.find(item?.owners ?? { workflows: [], heartbeat: true })).toEqual({});
  });

  it('and who started it, too: of the type that it was found with', async () => {
    const known: Record<string, Answer> = { child: { end: 'COMPLETED', root: 'wave' }, wave: { workflowType: 'wave' } };
    const task = taskOf(known);
    task.report('child', { workflowType: 'migrate' });
    await task.send(1);
    await task.send(1200);
    expect(task.view().owners).toEqual([
      { workflowId: 'wave', workflowType: 'wave' },
      { workflowId: 'child', workflowType: 'migrate', root: 'wave' },
    ]);
  });

  it('stays where one of its id and another type has reported while the answer was on its way', () => {
    const group = groupOf();
    const report = (workflowId: string, workflowType: string, sequence: number) =>
      group.take(
        reportOf(1, { owner: { ownerId: `${workflowId} ${workflowType}`, workflowId, workflowType, sequence } }),
        START + sequence,
      );
    report('vm-1', 'migrate', 1);
    report('vm-2', 'migrate', 2);
    group.settle(group.takeDue(START + 3), { others: {} }, START + 3);
    const round = group.takeDue(START + 1300);
    report('vm-1', 'cutOver', 1301);
    report('vm-3', 'migrate', 1302);
    const found = { owners: [{ workflowId: 'vm-2', workflowType: 'migrate', root: 'wave' }] };
    group.settle(round, { others: { 0: found } }, START + 1303);
    expect(group.records.get('vm-1')?.owners).toEqual([
      ...found.owners,
      { workflowId: 'vm-1', workflowType: 'cutOver' },
      { workflowId: 'vm-3', workflowType: 'migrate' },
    ]);
  });
});

describe('two open workflows of different trees that report of one task', () => {
  it('are warned of once, by the first heartbeat, and both are in the query', async () => {
    const task = taskOf({ one: {}, other: {} });
    task.report('one');
    task.report('other');
    expect(await task.send(1)).toEqual([]);
    expect(await task.send(1200)).toMatchObject([{ migrationTaskName: 'vm-1', reason: 'open are one and other' }]);
    task.report('one');
    await task.send(1);
    expect(await task.send(1200)).toEqual([]);
    expect(task.view().owners).toEqual([{ workflowId: 'other' }, { workflowId: 'one' }]);
  });

  it('are warned of again when a third joins them', async () => {
    const task = taskOf({ one: {}, other: {}, third: {} });
    const both = () => ['one', 'other'].forEach((id) => task.report(id, { attempt: `${id} 1` }));
    both();
    await task.send(1);
    expect(await task.send(1200)).toHaveLength(1);
    task.report('third');
    await task.send(1);
    expect(await task.send(1200)).toMatchObject([{ reason: 'open are one and other and third' }]);
  });

  it.each<[string, Record<string, Answer>]>([
    ['parent and child', { one: {}, other: { parent: 'one', root: 'one' } }],
    ['members of one tree', { one: { root: 'root' }, other: { root: 'root' } }],
    ['a new run after the old one has ended', { one: { end: 'FAILED' }, other: {} }],
  ])('are not warned of where they are %s', async (_what, known) => {
    const task = taskOf(known);
    task.report('one');
    task.report('other');
    await task.send(1);
    expect(await task.send(1200)).toEqual([]);
    expect(await task.send(1200)).toEqual([]);
  });
});

describe('a group of 500 tasks, each with as many owners as it remembers', () => {
  const ID = 'wave-2026-11-migrate-server-0123456789abcdef';
  function crowded() {
    const group = groupOf();
    for (let task = 0; task < 500; task++)
      for (let i = 0; i < 40; i++)
        group.take(
          reportOf(1, {
            migrationTaskName: `vm-${task}`,
            owner: { ownerId: `${i}`, workflowId: `${ID}-${task}-${i}`, rootWorkflowId: ID, sequence: 1 },
          }),
          START,
        );
    return group;
  }

  it('sends them in rounds that fit a payload', () => {
    const group = crowded();
    let tasks = 0;
    for (let now = START; tasks < 500; now++) {
      const rounds = toRounds(group.takeDue(now), 500);
      for (const { items } of rounds) {
        expect(JSON.stringify(items).length).toBeLessThan(1_000_000);
        tasks += items.length;
      }
      expect(rounds.length).toBeGreaterThan(0);
    }
  });

  it('fits a payload when it continues as new, and each still knows its first and its newest owner', () => {
    const all = [...crowded().records.values()];
    expect(fitsPayload(all)).toBe(false);
    const fitted = fitPayload(all);
    expect(fitsPayload(fitted)).toBe(true);
    const ends = ({ owners }: TaskRecord) =>
      [owners[0], owners.at(-1)].map((owner) => owner?.workflowId?.split('-').at(-1));
    expect(new Set(fitted.map((record) => ends(record).join(' ')))).toEqual(new Set(['0 39']));
  });
});
