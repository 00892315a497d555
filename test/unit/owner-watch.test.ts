import { describe, expect, it, vi } from 'vitest';
import type { Answer } from '../../src/client/workflow-runs';
import { OwnerWatch } from '../../src/activities/owner-watch';
import { accept, newTaskRecord, stamp, type Owner, type OwnerEnd, type OwnerQuestion } from '../../src/task-state';
import { delivered } from '../../src/task-state/notify';
import { ownerQuestion } from '../../src/task-state/owner';
import { reportOf } from './tasks';

type Known = Answer;

/** A Temporal server that knows these workflows; the list shows those that are open. */
function watchOf(questions: OwnerQuestion[], known: Record<string, Known>, lists = true) {
  const keyOf = ({ workflowId, namespace }: Owner) => (namespace ? `${namespace}/${workflowId}` : workflowId);
  const describe = vi.fn((owner: Owner) => Promise.resolve(known[keyOf(owner)] ?? { end: 'NOT_FOUND' as const }));
  const list = vi.fn((workflowIds: string[], namespace?: string) => {
    const found = workflowIds.map((workflowId) => [workflowId, known[keyOf({ workflowId, namespace })]] as const);
    const open = found.flatMap(([id, each]) => (each && !each.end ? [[id, each] as [string, Known]] : []));
    return Promise.resolve(lists ? new Map(open) : undefined);
  });
  return { watch: new OwnerWatch(questions, describe, list), describe, list };
}
const endIn = async (watch: OwnerWatch, asked: OwnerQuestion) => (await watch.find(asked)).ownerEnd;
const question = (...owners: (string | Owner)[]): OwnerQuestion => ({
  workflows: owners.map((each) => (typeof each === 'string' ? { workflowId: each } : each)),
  heartbeat: true,
});

describe('a task is given up', () => {
  it.each<[string, Record<string, Known>, OwnerEnd | undefined]>([
    ['not while one who reported is open', { a: {}, b: { end: 'FAILED' } }, undefined],
    ['once all have ended, as the newest did', { a: { end: 'COMPLETED' }, b: { end: 'TIMED_OUT' } }, 'TIMED_OUT'],
    ['once nobody knows them any more', {}, 'NOT_FOUND'],
    ['not while the root of one is open', { a: { end: 'FAILED', root: 'r' }, b: { end: 'FAILED' }, r: {} }, undefined],
    [
      'once the roots have ended, too',
      {
        a: { end: 'FAILED', root: 'r' },
        b: { end: 'COMPLETED', root: 's' },
        r: { end: 'COMPLETED' },
        s: { end: 'COMPLETED' },
      },
      'COMPLETED',
    ],
    [
      'as failed where the newest completed, but the root of its tree failed',
      { a: { end: 'COMPLETED' }, b: { end: 'COMPLETED', root: 's' }, s: { end: 'TERMINATED' } },
      'TERMINATED',
    ],
    [
      'not while a parent of one is open, though the root has ended',
      {
        a: { end: 'COMPLETED', parent: 'p', root: 'r' },
        b: { end: 'COMPLETED' },
        p: { root: 'r' },
        r: { end: 'COMPLETED' },
      },
      undefined,
    ],
    [
      'not while a parent of its parent is open',
      {
        a: { end: 'COMPLETED', parent: 'p', root: 'r' },
        b: { end: 'COMPLETED' },
        p: { end: 'FAILED', parent: 'q', root: 'r' },
        q: { root: 'r' },
        r: { end: 'COMPLETED' },
      },
      undefined,
    ],
    [
      'where a workflow is its own root',
      { a: { end: 'FAILED', root: 'a' }, b: { end: 'CANCELLED', root: 'b' } },
      'CANCELLED',
    ],
  ])('%s', async (_what, known, end) => {
    const asked = question('a', 'b');
    expect(await endIn(watchOf([asked], known).watch, asked)).toBe(end);
  });

  it('never where the server does not answer', async () => {
    const asked = question('a');
    const { watch, describe: describes } = watchOf([asked], { a: { end: 'FAILED' } }, false);
    expect(await watch.find(asked)).toEqual({});
    expect(describes).not.toHaveBeenCalled();
  });
});

describe('a batch of 500 tasks', () => {
  it('whose owners are open asks by one list, and describes none', async () => {
    const questions = Array.from({ length: 500 }, (_, i) => question(`migrate-${i}`));
    const known = Object.fromEntries(questions.map(({ workflows }) => [workflows[0]?.workflowId ?? '', {}]));
    const { watch, describe: describes, list } = watchOf(questions, known);
    const ends = await Promise.all(questions.map((each) => endIn(watch, each)));
    expect(ends.filter((end) => end !== undefined)).toEqual([]);
    expect(list).toHaveBeenCalledTimes(1);
    expect(list.mock.calls[0]?.[0]).toHaveLength(500);
    expect(describes).not.toHaveBeenCalled();
  });

  it('of one parent, which is not in the list, describes it once', async () => {
    const questions = Array.from({ length: 500 }, () => question('parent'));
    const { watch, describe: describes } = watchOf(questions, { parent: { end: 'TERMINATED' } });
    const ends = await Promise.all(questions.map((each) => endIn(watch, each)));
    expect(new Set(ends)).toEqual(new Set(['TERMINATED']));
    expect(describes).toHaveBeenCalledTimes(1);
  });

  it('of which two name one id, each with a type of its own, asks about each', async () => {
    const questions = ['migrate', 'other'].map((workflowType) => question({ workflowId: 'vm-1', workflowType }));
    const { watch, describe: describes } = watchOf(questions, { 'vm-1': { workflowType: 'other' } });
    describes.mockResolvedValue({ end: 'TERMINATED' });
    expect(await Promise.all(questions.map((each) => endIn(watch, each)))).toEqual(['TERMINATED', undefined]);
    expect(describes.mock.calls).toEqual([[{ workflowId: 'vm-1', workflowType: 'migrate' }]]);
  });

  it('asks about an owner of another namespace there', async () => {
    const other = { workflowId: 'same', namespace: 'other' };
    const questions = [question('same'), question(other)];
    const { watch, list } = watchOf(questions, { same: { end: 'FAILED' }, 'other/same': {} });
    expect(await Promise.all(questions.map((each) => endIn(watch, each)))).toEqual(['FAILED', undefined]);
    expect(list.mock.calls).toEqual([
      [['same'], undefined],
      [['same'], 'other'],
    ]);
  });
});

describe('who is asked about', () => {
  const by = (workflowId: string | undefined, runId = '1') =>
    reportOf(1, { owner: { ownerId: `${workflowId} ${runId}`, workflowId, runId, sequence: 1 } });
  const reported = (...owners: (string | undefined)[]) => {
    const record = newTaskRecord(by('x'));
    record.registered = true;
    owners.forEach((owner, i) => accept(record, by(owner, String(i)), 1000));
    stamp(record, 1000);
    delivered(record, 1000, 1);
    stamp(record, 2200);
    return record;
  };
  const askedOf = (record: ReturnType<typeof reported>) =>
    ownerQuestion(record)?.workflows.map((each) => each.workflowId);

  it('is every workflow that reported in this attempt, once, the newest last', () => {
    expect(askedOf(reported('parent', 'child-1', 'child-2', 'child-1'))).toEqual(['parent', 'child-2', 'child-1']);
  });

  it('is nobody where only people reported, and a person takes no place of a workflow', () => {
    expect(ownerQuestion(reported(undefined))).toBeUndefined();
    expect(askedOf(reported('parent', undefined))).toEqual(['parent']);
  });

  it('is nobody for a report that is sent for the first time, and again where it has waited', () => {
    const record = newTaskRecord(by('a'));
    accept(record, by('a'), 1000);
    stamp(record, 1000);
    expect(ownerQuestion(record)).toBeUndefined();
    record.failures = 1;
    expect(ownerQuestion(record)).toEqual({ workflows: [{ workflowId: 'a' }], heartbeat: false });
  });

  it('is no workflow of an attempt before', () => {
    const record = reported('old');
    accept(record, { ...by('old', '2'), status: 'FAILED' }, 2300);
    delivered(record, 2300, 1);
    stamp(record, 2300);
    delivered(record, 2300, 1);
    accept(record, { ...by('new'), reopen: true }, 2400);
    expect(record.owners).toEqual([{ workflowId: 'new' }]);
  });

  it('is the root of 33 short callers, though its own report was forgotten: while it is open, heartbeats go on', async () => {
    const callers = Array.from({ length: 33 }, (_, i) => `caller-${i}`);
    const record = reported('parent', ...callers);
    const asked = ownerQuestion(record) as OwnerQuestion;
    expect(asked.workflows).toHaveLength(32);
    const ended: Record<string, Known> = Object.fromEntries(
      callers.map((id) => [id, { end: 'COMPLETED' as const, root: 'parent' }]),
    );
    expect(await endIn(watchOf([asked], { ...ended, parent: {} }).watch, asked)).toBeUndefined();
    expect(await watchOf([asked], { ...ended, parent: { end: 'FAILED' } }).watch.find(asked)).toMatchObject({
      ownerEnd: 'FAILED',
      endedOwner: 'parent',
    });
  });
});
