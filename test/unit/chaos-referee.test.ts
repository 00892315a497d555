import { describe, expect, it } from 'vitest';
import { callsOf, type Call } from '../../chaos/calls';
import { fault, judge } from '../../chaos/judge';
import { changedDuplicates, lost, newestOf, reordered, stale, wrongEnds } from '../../chaos/referee';
import type { AcceptedReport } from '../../chaos/referee';

/** Report n of a reporter, accepted in second n. */
const report = (n: number, change: Partial<AcceptedReport> = {}): AcceptedReport => ({
  task: 't',
  id: `report ${n}`,
  status: 'IN_PROGRESS',
  reporter: 'r',
  sequence: n,
  sentAt: n,
  acceptedAt: n + 0.5,
  ...change,
});
const call = (n: number, change: Partial<Call> = {}): Call => ({
  task: 't',
  at: n + 0.7,
  status: 'IN_PROGRESS',
  detail: `report ${n}`,
  updateDateTime: n,
  nextUpdateSeconds: 90,
  applied: true,
  text: `body ${n}`,
  ...change,
});
const held = (n: number, change = {}) => ({
  migrationTaskName: 't',
  status: 'IN_PROGRESS',
  statusDetail: `report ${n}`,
  ...change,
});

describe('the referee of the chaos suite', () => {
  describe('lost', () => {
    it('is nothing where Migration Hub holds the newest report, whatever was skipped', () => {
      expect(lost([report(1), report(2), report(3)], [held(3)])).toEqual([]);
    });

    it('is a task that holds an older report, another status, or nothing', () => {
      const reports = [report(1), report(2)];
      expect(lost(reports, [held(1)])).toEqual(['t: Migration Hub holds IN_PROGRESS "report 1" and not "report 2"']);
      expect(lost(reports, [held(2, { status: 'FAILED' })])).toHaveLength(1);
      expect(lost(reports, [])).toHaveLength(1);
    });

    it('leaves open which of two reports is newest when they were accepted at the same time, and only then', () => {
      const at = (reporter: string, sentAt: number) =>
        report(1, { reporter, id: reporter, sentAt, acceptedAt: sentAt + 2 });
      const together = [at('a', 1), at('b', 2)];
      expect(lost(together, [held(0, { statusDetail: 'a' })])).toEqual([]);
      expect(lost(together, [held(0, { statusDetail: 'b' })])).toEqual([]);
      expect(lost([at('a', 1), at('b', 4)], [held(0, { statusDetail: 'a' })])).toHaveLength(1);
      expect(newestOf([at('a', 1), at('b', 4)]).map(({ id }) => id)).toEqual(['b']);
    });

    it('takes the end of a task for its newest state, though reports were accepted after it', () => {
      const reports = [report(1), report(2, { status: 'COMPLETED' }), report(3)];
      expect(lost(reports, [held(2, { status: 'COMPLETED' })])).toEqual([]);
      expect(lost(reports, [held(3)])).toHaveLength(1);
    });

    it('expects FAILED, or the end that was reported, of a task whose heartbeats were cancelled', () => {
      const cancelled = new Set(['t']);
      expect(lost([report(1)], [held(0, { status: 'FAILED', statusDetail: 'Cancelled' })], cancelled)).toEqual([]);
      expect(lost([report(1)], [held(1)], cancelled)).toHaveLength(1);
      const ended = [report(1), report(2, { status: 'COMPLETED' })];
      expect(lost(ended, [held(2, { status: 'COMPLETED' })], cancelled)).toEqual([]);
    });
  });

  describe('reordered', () => {
    const reports = [report(1), report(2), report(3)];

    it('is nothing where reports come in their order, are repeated, or are skipped', () => {
      expect(reordered(reports, [call(1), call(1), call(3), call(9, { detail: 'report 3' })])).toEqual([]);
    });

    it('is a report that comes after a later one, even when a retry brings it again', () => {
      const late = call(4, { detail: 'report 1' });
      expect(reordered(reports, [call(2), late])).toEqual([
        't: "report 1" came after "report 2", which was accepted later',
      ]);
      expect(reordered(reports, [call(1), call(2), late])).toHaveLength(1);
      expect(reordered(reports, [call(1), call(2), { ...late, applied: false }])).toHaveLength(1);
    });

    it('compares reporters by the times between which their reports were accepted', () => {
      const a = report(1, { reporter: 'a', id: 'a', sentAt: 10, acceptedAt: 12 });
      const b = report(1, { reporter: 'b', id: 'b', sentAt: 11, acceptedAt: 13 });
      const c = report(1, { reporter: 'c', id: 'c', sentAt: 20, acceptedAt: 21 });
      const arrive = (...details: string[]) => details.map((detail, i) => call(30 + i, { detail }));
      expect(reordered([a, b, c], arrive('b', 'a', 'c'))).toEqual([]);
      expect(reordered([a, b, c], arrive('c', 'a'))).toHaveLength(1);
    });

    it('knows reports of another task by their task', () => {
      const other = report(1, { task: 'u' });
      expect(reordered([...reports, other], [call(2), call(3, { task: 'u', detail: 'report 1' })])).toEqual([]);
    });

    it('is a time that goes back, or lies ahead of the arrival', () => {
      expect(reordered([], [call(5), call(4)])).toEqual(['t: "report 4" says 4 after one that said 5']);
      expect(reordered([], [call(5, { at: 4.9 })])).toEqual(['t: "report 5" says 5, but it arrived at 4.9']);
    });
  });

  it('counts a request with the time of an earlier one and another body, and no retry that is the same', () => {
    expect(changedDuplicates([call(1), call(1), call(2)])).toEqual([]);
    expect(changedDuplicates([call(1), call(2), call(1, { text: 'other' })])).toEqual(['t: other was body 1 before']);
    expect(changedDuplicates([call(1), call(1, { task: 'u', text: 'other' })])).toEqual([]);
  });

  it('adds up the stale seconds of the ledger and names the tasks', () => {
    const tasks = [
      { migrationTaskName: 'a', staleSeconds: 0 },
      { migrationTaskName: 'b', staleSeconds: 1.25 },
      { migrationTaskName: 'c', staleSeconds: 2 },
    ];
    expect(stale(tasks)).toEqual({ seconds: 3.25, findings: ['b was stale for 1.25 s', 'c was stale for 2 s'] });
  });

  it('finds a task without an end, with two ends, and with anything after its end', () => {
    const end = call(2, { status: 'COMPLETED' });
    expect(wrongEnds([call(1), end, end], ['t'])).toEqual([]);
    expect(wrongEnds([call(1), { ...end, applied: false }], ['t'])).toEqual(['t has 0 terminal states']);
    expect(wrongEnds([end, call(3, { status: 'FAILED' })], ['t'])).toEqual(['t has 2 terminal states']);
    expect(wrongEnds([end, call(3)], ['t'])).toEqual(['t: "report 3" came after its end']);
  });
});

describe('the notifications of a journal', () => {
  const entry = (fault: string | null, error: string | null, httpStatus: number | null, operation?: string) => ({
    at: 5,
    operation: operation ?? 'NotifyMigrationTaskState',
    migrationTaskName: 't',
    fault,
    error,
    httpStatus,
    body: { Task: { Status: 'IN_PROGRESS', StatusDetail: 'd' }, UpdateDateTime: 4, NextUpdateSeconds: 90 },
  });
  const applied = (...args: Parameters<typeof entry>) => callsOf([entry(...args) as never])[0]?.applied;

  it('are applied where the work was done, answered or not', () => {
    expect(applied(null, null, 200)).toBe(true);
    expect(applied('apply-then-reset', null, null)).toBe(true);
    expect(applied('truncate', null, 200)).toBe(true);
    for (const fault of ['reset', 'hang', 'outage-hang']) expect(applied(fault, null, null)).toBe(false);
    expect(applied('bad-json', null, 200)).toBe(false);
    expect(applied('outage-html-503', null, 503)).toBe(false);
    expect(applied('token-bucket', 'ThrottlingException', 400)).toBe(false);
    expect(applied('apply-then-reset', 'ResourceNotFoundException', null)).toBe(false);
  });

  it('are told with what they say, and other operations are left out', () => {
    expect(callsOf([entry(null, null, 200, 'ImportMigrationTask') as never])).toEqual([]);
    expect(callsOf([entry(null, null, 200) as never])[0]).toMatchObject({
      task: 't',
      at: 5,
      status: 'IN_PROGRESS',
      detail: 'd',
      updateDateTime: 4,
      nextUpdateSeconds: 90,
    });
  });
});

describe('the judgement of a scenario', () => {
  const good = { load: '1 task', reports: [report(1)], calls: [call(1)], tasks: [held(1)] as never, forgotten: 0 };

  it('has no fault where all is as it must be', () => {
    expect(judge({ ...good, tasks: [{ ...held(1), staleSeconds: 0 }] as never })).toMatchObject({
      lost: 0,
      reordered: 0,
      staleSeconds: 0,
      changedDuplicates: 0,
      faults: [],
    });
  });

  it('names each figure that is wrong', () => {
    const bad = judge({
      ...good,
      reports: [report(1), report(2)],
      calls: [call(2), call(1), call(1, { text: 'other' })],
      tasks: [{ ...held(1), staleSeconds: 3 }] as never,
      forgotten: 7,
    });
    expect(bad).toMatchObject({ lost: 1, staleSeconds: 3, changedDuplicates: 1 });
    expect(bad.faults.map((text) => text.replace(/:.*/, ''))).toEqual([
      '1 lost',
      `${bad.reordered} reordered`,
      '1 tasks stale',
      '1 changed duplicates',
      'the journal forgot 7 requests',
    ]);
  });

  it('is no success where nothing was reported', () => {
    expect(judge({ ...good, reports: [], calls: [], tasks: [] }).faults).toEqual(['nothing was reported']);
  });

  it('shows a few of many findings', () => {
    expect(fault('lost', ['a', 'b', 'c', 'd', 'e'])).toEqual(['5 lost: a; b; c; and 2 more']);
  });
});
