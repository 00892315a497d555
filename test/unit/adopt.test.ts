import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TaskReport } from '../../src/report';
import { accept, adopt, delivered, deliveryOf, registered, stamp, toView, newTaskRecord, type ReportKey, type TaskRecord } from '../../src/task-state';

const identity = { progressUpdateStream: 'S', migrationTaskName: 'vm-1' };
const copyOf = (record: TaskRecord): TaskRecord => JSON.parse(JSON.stringify(record)) as TaskRecord;

type Step = { do: 'send' | 'register' } | { do: 'report'; report: TaskReport };
const report = fc.record({
  ownerId: fc.constantFrom('a', 'b'),
  sequence: fc.integer({ min: 1, max: 6 }),
  status: fc.constantFrom('IN_PROGRESS' as const, 'IN_PROGRESS' as const, 'COMPLETED' as const),
  progressPercent: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
  reopen: fc.constantFrom(undefined, undefined, true),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom<Step>({ do: 'send' }, { do: 'register' }),
  report.map(({ ownerId, sequence, ...state }) => ({
    do: 'report' as const,
    report: { ...identity, ...state, owner: { ownerId, sequence } },
  })),
);
const steps = fc.array(step, { minLength: 1, maxLength: 12 });

/** A record that has lived: times begin at `now` and rise by a second a step. Nothing is on its way at the end. */
function live(record: TaskRecord, life: Step[], now: number): TaskRecord {
  for (const each of life) {
    now++;
    if (each.do === 'report') accept(record, { ...each.report }, now);
    else if (each.do === 'register') registered(record, undefined, now);
    else if (record.registered && record.pending && record.lastStamp < now) {
      stamp(record, now);
      delivered(record, now, 1);
    }
  }
  return record;
}
const lived = (life: Step[], now: number) => live(newTaskRecord({ ...identity, status: 'IN_PROGRESS' }), life, now);

const outcomeIn = (record: TaskRecord, key: ReportKey) => deliveryOf(toView(record, 1 / 3, 0), key).outcome;

describe('a task that is handed over', () => {
  it('to nobody who knows it is all that it was', () => {
    fc.assert(
      fc.property(steps, (life) => {
        const record = lived(life, 1000);
        const { adopted, ...rest } = adopt(undefined, copyOf(record), 'x', 2000);
        expect(adopted).toEqual(['x']);
        expect(JSON.stringify(rest)).toBe(JSON.stringify(record));
      }),
    );
  });

  it('twice is taken once, whatever was heard and sent in between', () => {
    fc.assert(
      fc.property(fc.option(steps, { nil: undefined }), steps, steps, (before, theirs, between) => {
        const mine = before && lived(before, 1000);
        const given = lived(theirs, 1100);
        const taken = live(adopt(mine, copyOf(given), 'x', 1200), between, 1300);
        const kept = copyOf(taken);
        expect(adopt(taken, copyOf(given), 'x', 1400)).toBe(taken);
        expect(copyOf(taken)).toEqual(kept);
      }),
    );
  });

  it('never sets back what Migration Hub was told, and settles the newest report of each reporter, whichever of the two it was made to', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), step), { minLength: 1, maxLength: 20 }), (life) => {
        const task = { ...identity, status: 'IN_PROGRESS' as const };
        const [mine, given] = [newTaskRecord(task), newTaskRecord(task)];
        const newest: Record<string, ReportKey> = {};
        life.forEach(([isMine, each], sequence) => {
          // Each report is one of its own: a reporter counts.
          if (each.do === 'report' && each.report.owner) {
            each.report.owner.sequence = sequence + 1;
            newest[each.report.owner.ownerId] = each.report.owner;
          }
          live(isMine ? mine : given, [each], 1000 + sequence);
        });
        const [mineBefore, givenBefore] = [copyOf(mine), copyOf(given)];
        const taken = adopt(mine, given, 'x', 1200);
        expect(taken).toBe(mine);
        expect(taken.registered).toBe(mineBefore.registered || givenBefore.registered);
        expect(taken.lastStamp).toBe(Math.max(mineBefore.lastStamp, givenBefore.lastStamp));
        const times = [mineBefore, givenBefore].map(({ lastDelivered }) => lastDelivered?.updateDateTime ?? 0);
        expect(taken.lastDelivered?.updateDateTime ?? 0).toBe(Math.max(...times));
        registered(taken, undefined, 1300);
        if (taken.pending) {
          stamp(taken, 1301);
          delivered(taken, 1301, 1);
        }
        for (const key of Object.values(newest))
          expect(outcomeIn(taken, key), `${key.ownerId} ${key.sequence}`).not.toBe('waiting');
      }),
      { numRuns: 1000 },
    );
  });

  it('in its middle of being handed over comes back with what was reported meanwhile', () => {
    const mine = lived([{ do: 'register' }], 1000);
    mine.handOver = {
      to: 'mgh:S:0:of:3',
      since: 1002,
      reports: [{ ...identity, status: 'IN_PROGRESS', progressPercent: 40, owner: { ownerId: 'a', sequence: 2 } }],
    };
    const taken = adopt(mine, lived([], 1000), 'x', 1100);
    expect(taken).toMatchObject({ registered: true, pending: { progressPercent: 40 } });
    expect(taken.handOver).toBeUndefined();
  });

  it('whose terminal report waits is not taken back by an older one that goes on, wherever that waits', () => {
    const says = (status: 'IN_PROGRESS' | 'COMPLETED', ownerId: string): Step[] => [
      { do: 'report', report: { ...identity, status, owner: { ownerId, sequence: 1 } } },
    ];
    for (const [mine, theirs] of [
      [lived(says('COMPLETED', 'a'), 1000), lived(says('IN_PROGRESS', 'b'), 1100)],
      [lived(says('IN_PROGRESS', 'b'), 1100), lived(says('COMPLETED', 'a'), 1000)],
      [lived(says('COMPLETED', 'a'), 1100), lived(says('IN_PROGRESS', 'b'), 1000)],
    ] as const)
      expect(adopt(mine, theirs, 'x', 1200).pending?.status).toBe('COMPLETED');
  });
});
