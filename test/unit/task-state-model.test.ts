import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroupModel, isEnd, play } from './group-model';
import { held, linger, report, step, TASKS, wait } from './group-steps';

describe('whatever the order of reports, rounds, answers, failures and restarts', () => {
  it('each task is stamped, repeated, refused and judged as the model says, and its newest report arrives', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), held, linger, (steps, hub, lingerSeconds) => {
        const model = play(steps, hub, lingerSeconds);
        for (const name of TASKS) {
          const { newest, arrived } = model.task(name);
          if (!newest) {
            expect(arrived).toEqual([]);
            continue;
          }
          const record = model.record(name);
          expect(record?.pending ?? record?.unsent ?? record?.inFlight).toBeUndefined();
          expect(record?.lastDelivered).toMatchObject({ status: newest.report.status });
          expect(record?.lastDelivered?.statusDetail).toBe(newest.report.statusDetail);
          expect(record?.lastDelivered?.progressPercent).toBe(newest.percent);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('nothing follows a terminal state in Migration Hub but a reopened attempt, and percent falls only when allowed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), held, linger, (steps, hub, lingerSeconds) => {
        const model = play(steps, hub, lingerSeconds);
        for (const name of TASKS) {
          const { arrived, accepted } = model.task(name);
          arrived.slice(1).forEach(({ notification, accepted: to }, i) => {
            const { notification: before, accepted: from } = arrived[i] as (typeof arrived)[number];
            expect(notification.updateDateTime).toBeGreaterThan(before.updateDateTime);
            const between = accepted.slice(from, to);
            if (isEnd(before.status) && !isSame(before, notification))
              expect(between.some(({ report }) => report.reopen)).toBe(true);
            const fell = (notification.progressPercent ?? -1) < (before.progressPercent ?? -1);
            if (fell) expect(between.some(({ mayFall }) => mayFall)).toBe(true);
          });
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('a task whose Migration Hub answers is never stale', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(report, wait), { maxLength: 40 }), (steps) => {
        const model = new GroupModel();
        const all = { which: 0, fates: TASKS.map(() => ({ arrives: true })), attempts: 1 };
        for (const each of steps) {
          const until = model.now + (each.kind === 'wait' ? each.seconds : 0);
          if (each.kind === 'report') model.do(each);
          for (let due = model.group.nextDueAt(); due !== undefined && due <= until; due = model.group.nextDueAt()) {
            model.now = Math.max(model.now, due);
            model.send();
            model.settle(all);
          }
          model.now = until;
          for (const view of model.group.ledger(until)) {
            expect(view.freshness).not.toBe('stale');
            expect(view.freshness).not.toBe('at-risk');
            expect(view.counters.missedDeadlines).toBe(0);
          }
        }
      }),
    );
  });
});

const isSame = (a: object, b: object): boolean =>
  JSON.stringify({ ...a, updateDateTime: 0 }) === JSON.stringify({ ...b, updateDateTime: 0 });
