import { describe, expect, it } from 'vitest';
import type { TaskReport } from '../../src/report';
import { accept, mayFollow, newTaskRecord, stamp, type NotifyItem, type TaskRecord } from '../../src/task-state';
import { earlierEnd } from '../../src/task-state/attempts';
import { failed } from '../../src/task-state/failed';
import { delivered } from '../../src/task-state/notify';
import { failure, reportOf } from './tasks';

const START = 1_000_000;
const sequences = new Map<string, number>();
/** The next report of a workflow run, or of who is none. */
function by(ownerId: string, owner: object, more: Partial<TaskReport> = {}): TaskReport {
  const sequence = (sequences.get(ownerId) ?? 0) + 1;
  sequences.set(ownerId, sequence);
  return reportOf(1, { ...more, owner: { ownerId, sequence, ...owner } });
}
const run = (id: string, attempt: number, more: Partial<TaskReport> = {}, startedAt?: number) =>
  by(id, { workflowId: `of-${id}`, runId: id, attempt: `${id}/${attempt}`, startedAt }, more);
const alone = (id: string, startedAt: number, more: Partial<TaskReport> = {}) =>
  by(id, { workflowId: `of-${id}`, runId: id, startedAt }, more);

let now = START;
function deliver(record: TaskRecord): void {
  stamp(record, (now += 10));
  delivered(record, now, 1);
}
function ended(report: TaskReport): TaskRecord {
  const record = newTaskRecord(report);
  record.registered = true;
  accept(record, report, now);
  deliver(record);
  return record;
}
const NEVER = { type: 'InvalidInputException', message: 'as AWS says', retry: 'never' } as const;
const completed = { status: 'COMPLETED', progressPercent: 100 } as const;

describe('after an end', () => {
  it('a run that the task has not seen begins an attempt, whose percent begins anew', () => {
    const record = ended(run('a', 1, completed));
    expect(accept(record, run('b', 1, { progressPercent: 5 }), now)).toBe('accepted');
    expect(record.pending).toMatchObject({ progressPercent: 5, reopen: true });
    expect(accept(record, run('b', 1, { progressPercent: 3 }), now)).toBe('accepted');
    expect(record.pending?.progressPercent).toBe(5);
  });

  it('a further run of the same workflow run begins an attempt, and the run before reports in vain', () => {
    const record = ended(run('a', 1, completed));
    expect(accept(record, run('a', 1), now)).toBe('refused');
    expect(accept(record, run('a', 2), now)).toBe('accepted');
  });

  it('what is late of an attempt before is refused, in the next attempt as well', () => {
    const record = ended(run('a', 1, completed));
    accept(record, run('b', 1), now);
    deliver(record);
    expect(accept(record, run('a', 1), now)).toBe('refused');
    expect(record.reporters['a']?.refused?.reason).toMatch(/^a newer attempt of the task has begun/);
    expect(record.lastDelivered?.status).toBe('IN_PROGRESS');
  });

  it('who is no workflow reports in any attempt, and needs reopen to begin one', () => {
    const record = ended(by('person', {}, completed));
    expect(accept(record, by('person', {}), now)).toBe('refused');
    accept(record, run('b', 1), now);
    expect(accept(record, by('person', {}), now)).toBe('accepted');
  });

  it('who is no workflow, and says when that happened which it reports, begins one with what is newer than the end', () => {
    const at = (startedAt: number, more: Partial<TaskReport> = {}) => by('events', { startedAt }, more);
    const record = ended(at(500, completed));
    expect(accept(record, at(400), now)).toBe('refused');
    expect(accept(record, by('events', {}), now)).toBe('refused');
    expect(accept(record, at(600, { progressPercent: 5 }), now)).toBe('accepted');
    expect(record.pending).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 5, reopen: true });
  });

  it('a workflow without run begins an attempt if it started later than the one that ended the task', () => {
    const record = ended(alone('a', 500, completed));
    expect(accept(record, alone('older', 400), now)).toBe('refused');
    expect(accept(record, alone('newer', 600), now)).toBe('accepted');
  });
});

describe('a report that was refused as it came makes no other report of its workflow run late', () => {
  const refused = (record: TaskRecord) => {
    // A client that names a workflow run, and not when that started.
    expect(accept(record, by('client', { workflowId: 'of-b', runId: 'b' }), now)).toBe('refused');
    return record;
  };

  it('which begins an attempt, having started after the one that ended the task', () => {
    const record = refused(ended(alone('a', 500, completed)));
    expect(accept(record, alone('b', 600), now)).toBe('accepted');
  });

  it('also in the next heartbeat workflow', () => {
    const record = refused(ended(alone('a', 500, completed)));
    expect(earlierEnd(record, { ownerId: 'b', runId: 'b' })).toEqual({ startedAt: 500 });
    expect(earlierEnd(record, { ownerId: 'a', runId: 'a' })).toEqual({ startedAt: 500, isLate: true });
  });

  it('nor in the attempt of another run that has begun meanwhile', () => {
    const record = refused(ended(alone('a', 500, completed)));
    accept(record, alone('c', 700), now);
    expect(accept(record, alone('b', 600), now)).toBe('accepted');
    expect(accept(record, alone('a', 500), now)).toBe('refused');
  });

  it('but of a run that had reported it is refused, from whatever reporters, however many those are', () => {
    const record = ended(alone('a', 500, completed));
    for (let i = 0; i < 100; i++)
      expect(accept(record, by(`a/${i}`, { workflowId: 'of-a', runId: 'a', startedAt: 900 }), now)).toBe('refused');
  });
});

describe('what an end tells a later heartbeat workflow', () => {
  const found = { status: 'FAILED' as const, updateDateTime: START };
  const item = (register: NotifyItem['register']) => ({
    ...{ progressUpdateStream: 'S', migrationTaskName: 'vm-1', register },
    notification: { status: 'IN_PROGRESS' as const, updateDateTime: now + 1000, nextUpdateSeconds: 60 },
  });
  /** Whether it may follow, by whom it is reported. */
  const mayFollowIt = (record: TaskRecord, register: NonNullable<NotifyItem['register']>) =>
    mayFollow(item(register), found, earlierEnd(record, register));

  it('the same `run` may not follow, a further one may', () => {
    const record = ended(run('a', 1, completed, 100));
    const by = { ownerId: 'a', runId: 'a', startedAt: 100 };
    expect(mayFollowIt(record, { ...by, attempt: 'a/1' })).toBe(false);
    expect(mayFollowIt(record, { ...by, attempt: 'a/2' })).toBe(true);
  });

  it('nor may a rival that had reported before, but one that had not', () => {
    const record = newTaskRecord(reportOf(1));
    record.registered = true;
    accept(record, run('b', 1), now);
    accept(record, run('a', 1, completed), now);
    deliver(record);
    expect(mayFollowIt(record, { ownerId: 'b', runId: 'b', attempt: 'b/1' })).toBe(false);
    expect(mayFollowIt(record, { ownerId: 'c', runId: 'c', attempt: 'c/1' })).toBe(true);
  });

  it('who is without run is judged by when its workflow run started, not by when the end was sent', () => {
    const record = ended(alone('a', 500, completed));
    expect(mayFollowIt(record, { ownerId: 'newer', runId: 'newer', startedAt: 600 })).toBe(true);
    expect(mayFollowIt(record, { ownerId: 'older', runId: 'older', startedAt: 400 })).toBe(false);
    expect(mayFollowIt(record, { ownerId: 'a', runId: 'a', startedAt: 600 })).toBe(false);
    expect(mayFollowIt(record, { ownerId: 'a', runId: 'a', reopen: true })).toBe(true);
    expect(mayFollow(item({ startedAt: 600 }), found)).toBe(false);
  });

  it('who had begun the attempt after it, which was not sent any more, may go on; not so who had ended it', () => {
    const record = ended(alone('a', 500, completed));
    accept(record, alone('b', 600), now);
    expect(mayFollowIt(record, { ownerId: 'b', runId: 'b', startedAt: 600 })).toBe(true);
    expect(mayFollowIt(record, { ownerId: 'a', runId: 'a', startedAt: 500 })).toBe(false);
    const other = ended(run('a', 1, completed));
    accept(other, run('b', 1), now);
    expect(mayFollowIt(other, { ownerId: 'b', runId: 'b', attempt: 'b/1' })).toBe(true);
    expect(mayFollowIt(other, { ownerId: 'a', runId: 'a', attempt: 'a/1' })).toBe(false);
  });

  it('what nobody reported is taken back by another run than the one that was gone', () => {
    const record = ended(run('a', 1, { status: 'FAILED' }));
    record.abandoned = { at: now, reason: 'its owner was terminated' };
    expect(mayFollowIt(record, { ownerId: 'b', runId: 'b', startedAt: 1 })).toBe(true);
    expect(mayFollowIt(record, { ownerId: 'a', runId: 'a', startedAt: 1 })).toBe(false);
  });

  it('what came of a cancelled heartbeat workflow is taken back by who goes on, not by an attempt that was over', () => {
    const record = ended(run('a', 1, { status: 'FAILED' }));
    accept(record, run('b', 1), now);
    deliver(record);
    accept(record, reportOf(1, { status: 'FAILED', owner: undefined }), now);
    record.isClosed = true;
    deliver(record);
    expect(mayFollowIt(record, { ownerId: 'b', runId: 'b', attempt: 'b/1' })).toBe(true);
    expect(mayFollowIt(record, { ownerId: 'a', runId: 'a', attempt: 'a/1' })).toBe(false);
    // While it closes, only an end is taken, and that stays.
    expect(accept(record, run('b', 1), now)).toBe('refused');
    expect(accept(record, run('a', 1, completed), now)).toBe('refused');
    expect(accept(record, run('b', 1, completed), now)).toBe('accepted');
    expect(record.pending).toMatchObject({ status: 'COMPLETED', reopen: true });
    deliver(record);
    expect(mayFollowIt(record, { ownerId: 'b', runId: 'b', attempt: 'b/1' })).toBe(false);
  });
});

describe('a workflow that calls the activity by its name, each time as another reporter', () => {
  /** One activity of a workflow run. */
  const activity = (runId: string, n: number, startedAt: number, more: Partial<TaskReport> = {}) =>
    by(`${runId}/${n}`, { workflowId: `of-${runId}`, runId, startedAt }, more);

  it('reports in vain from any activity, once a later run has begun an attempt', () => {
    const record = ended(activity('old', 1, 400));
    accept(record, activity('ending', 1, 500, { status: 'FAILED' }), now);
    deliver(record);
    expect(accept(record, activity('new', 1, 600), now)).toBe('accepted');
    deliver(record);
    expect(accept(record, activity('old', 2, 400, { status: 'FAILED' }), now)).toBe('refused');
    expect(accept(record, activity('ending', 2, 500), now)).toBe('refused');
    expect(accept(record, activity('new', 2, 600, { progressPercent: 20 }), now)).toBe('accepted');
    expect(record.pending).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 20 });
  });

  it('reports in vain after the end, also where it started later than the run that ended the task, if it had reported before', () => {
    const record = ended(activity('child', 1, 600));
    accept(record, activity('parent', 1, 500, { status: 'FAILED' }), now);
    deliver(record);
    expect(accept(record, activity('child', 2, 600, { progressPercent: 20 }), now)).toBe('refused');
    expect(accept(record, activity('next', 1, 700), now)).toBe('accepted');
  });

  it('goes on with the attempt that it reopened', () => {
    const record = ended(activity('a', 1, 500, completed));
    expect(accept(record, activity('a', 2, 500), now)).toBe('refused');
    expect(accept(record, activity('a', 3, 500, { reopen: true }), now)).toBe('accepted');
    deliver(record);
    expect(accept(record, activity('a', 4, 500), now)).toBe('accepted');
  });

  it('begins an attempt after an end that somebody reported by hand, if it started after that', () => {
    const record = ended(by('person', {}, completed));
    expect(accept(record, activity('before', 1, now - 1000), now)).toBe('refused');
    expect(accept(record, activity('after', 1, now + 1), now)).toBe('accepted');
  });

  it('also if it started before the heartbeat workflow took that end, since no worker ran', () => {
    const reportedAt = now - 20;
    const record = ended(by('person', { reportedAt }, completed));
    expect(accept(record, activity('before', 1, reportedAt - 1), now)).toBe('refused');
    expect(accept(record, activity('after', 1, reportedAt + 1), now)).toBe('accepted');
  });

  it('not by a clock that is ahead', () => {
    const record = ended(by('person', { reportedAt: now + 9000 }, completed));
    expect(accept(record, activity('after', 1, now + 1), now)).toBe('accepted');
  });
});

it('an end that Migration Hub never takes gives way to the next attempt, and its reporter is told', () => {
  const record = newTaskRecord(reportOf(1));
  record.registered = true;
  accept(record, run('a', 1, completed), now);
  accept(record, run('b', 1, { progressPercent: 10 }), now);
  // AWS answers so in passing, too: four times in a row it must.
  for (const why of [NEVER, failure('backoff'), NEVER, NEVER, NEVER, NEVER]) {
    expect(record.nextAttempt).toBeDefined();
    stamp(record, (now += 30));
    failed(record, why, now, 1);
  }
  expect(record.nextAttempt).toBeUndefined();
  expect(record.pending).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 10 });
  expect(record.reporters['a']?.refused?.reason).toContain('InvalidInputException');
});

it('so does one that was tried in vain before the next attempt came, after one more try', () => {
  const record = newTaskRecord(reportOf(1));
  record.registered = true;
  accept(record, run('a', 1, completed), now);
  for (let tries = 0; tries < 3; tries++) {
    stamp(record, (now += 30));
    failed(record, NEVER, now, 1);
  }
  accept(record, run('b', 1, { progressPercent: 10 }), now);
  expect(record).toMatchObject({ pending: { status: 'COMPLETED' }, nextAttempt: { status: 'IN_PROGRESS' } });
  stamp(record, (now += 30));
  failed(record, NEVER, now, 1);
  expect(record).toMatchObject({ pending: { status: 'IN_PROGRESS', reports: [{ ownerId: 'b' }] } });
  expect(record.nextAttempt).toBeUndefined();
  expect(record.reporters['a']?.refused?.reason).toContain('InvalidInputException');
});

it('an end that was not tried yet is sent first, though the report before it is never taken', () => {
  for (const isOnItsWay of [false, true]) {
    const record = newTaskRecord(reportOf(1));
    record.registered = true;
    accept(record, run('a', 1), now);
    stamp(record, (now += 10));
    if (!isOnItsWay) failed(record, NEVER, now, 1);
    accept(record, run('a', 2, { status: 'FAILED' }), now);
    if (isOnItsWay) failed(record, NEVER, now, 1);
    accept(record, run('b', 1, { progressPercent: 10 }), now + 1);
    expect(record).toMatchObject({ pending: { status: 'FAILED' }, nextAttempt: { status: 'IN_PROGRESS' } });
    expect(record.reporters['a']?.refused).toBeUndefined();
  }
});

it('many activities of one run in another language do not push the reporters of other runs out', () => {
  const record = newTaskRecord(reportOf(1));
  accept(record, run('parent', 1), now);
  for (let i = 0; i < 100; i++) accept(record, by(`go/${i}`, { workflowId: 'of-go', runId: 'go', startedAt: 1 }), now);
  expect(record.reporters['parent']?.attempt).toBe('parent/1');
  expect(Object.keys(record.reporters).length).toBeLessThanOrEqual(32);
});

it('a run that begins before the end goes on with the attempt, percent included', () => {
  const record = newTaskRecord(reportOf(1));
  accept(record, run('a', 1, { progressPercent: 60 }), now);
  accept(record, run('b', 1, { progressPercent: 10 }), now);
  expect(record.pending).toMatchObject({ progressPercent: 60 });
  accept(record, run('b', 1, completed), now);
  expect(accept(record, run('a', 1), now)).toBe('refused');
});
