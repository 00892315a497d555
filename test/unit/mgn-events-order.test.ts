import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mgnReports } from '../../src/events/mgn-reports';
import { MGN_STATES, type MgnState } from '../../src/events/mgn-states';
import type { TaskReport } from '../../src/report';
import { accept, mayFollow, newestState, newTaskRecord, stamp, type TaskRecord } from '../../src/task-state';
import { delivered } from '../../src/task-state/notify';
import { registered } from '../../src/task-state/registered';
import { isTerminal } from '../../src/task-state/record';
import { calls, launch, lifecycle, replication, timeAt } from '../fixtures/mgn-events';

/** Workflow time: some days after the events. */
const NOW = Date.parse(timeAt(0)) / 1000 + 500_000;

/** What may come next in MGN; after an end the agent is installed again. */
const NEXT: Partial<Record<MgnState, MgnState[]>> = {
  NOT_READY: ['READY_FOR_TEST', 'DISCONNECTED'],
  READY_FOR_TEST: ['TESTING', 'READY_FOR_CUTOVER', 'DISCONNECTED'],
  TESTING: ['TEST_LAUNCH_SUCCEEDED', 'TEST_LAUNCH_FAILED', 'READY_FOR_TEST'],
  TEST_LAUNCH_FAILED: ['TESTING', 'READY_FOR_TEST'],
  TEST_LAUNCH_SUCCEEDED: ['READY_FOR_CUTOVER', 'READY_FOR_TEST', 'DISCONNECTED'],
  READY_FOR_CUTOVER: ['CUTTING_OVER', 'READY_FOR_TEST'],
  CUTTING_OVER: ['CUTOVER_LAUNCH_SUCCEEDED', 'CUTOVER_LAUNCH_FAILED', 'READY_FOR_CUTOVER'],
  CUTOVER_LAUNCH_FAILED: ['CUTTING_OVER', 'READY_FOR_CUTOVER'],
  CUTOVER_LAUNCH_SUCCEEDED: ['CUTOVER', 'READY_FOR_CUTOVER'],
  CUTOVER: ['NOT_READY'],
  DISCONNECTED: ['NOT_READY'],
};
const REPLICATION: MgnState[] = ['STALLED', 'NOT_STALLED'];

interface Happening {
  state: MgnState;
  seconds: number;
}

function eventOf({ state, seconds }: Happening): object {
  if (REPLICATION.includes(state)) return replication(state, seconds);
  if (state.includes('_LAUNCH_')) return launch(state, seconds);
  return state === 'NOT_READY' ? lifecycle(state, seconds) : calls[state as keyof typeof calls](seconds);
}

function reportOf(happening: Happening): TaskReport {
  const read = mgnReports(eventOf(happening));
  if ('ignored' in read || !read.reports[0]) throw new Error('it is read');
  const { sourceServerId, state: _state, ...said } = read.reports[0];
  return { progressUpdateStream: 'S', migrationTaskName: sourceServerId, ...said };
}

/** The way of a server through MGN, with data replication that stalls now and then. */
const way = fc
  .array(fc.record({ choice: fc.nat(), pause: fc.integer({ min: 1, max: 4000 }), stalls: fc.nat({ max: 5 }) }), {
    minLength: 1,
    maxLength: 25,
  })
  .map((steps) => {
    const happenings: Happening[] = [];
    let state: MgnState = 'NOT_READY';
    let seconds = 0;
    for (const { choice, pause, stalls } of steps) {
      seconds += pause;
      happenings.push({ state, seconds });
      const replicationState = REPLICATION[stalls];
      if (replicationState) happenings.push({ state: replicationState, seconds: seconds + 1 });
      const next: MgnState[] = NEXT[state] ?? [];
      state = next[choice % next.length] as MgnState;
    }
    return happenings;
  });

/** Events as they arrive: each once or more, in any order, with deliveries to Migration Hub in between. */
const arrivals = (happenings: Happening[]) =>
  fc
    .tuple(
      fc.shuffledSubarray(happenings, { minLength: happenings.length }),
      fc.array(fc.constantFrom(...happenings), { maxLength: 8 }),
      fc.array(fc.boolean(), { minLength: happenings.length + 8, maxLength: happenings.length + 8 }),
    )
    .map(([all, again, deliveries]) => ({ order: [...all, ...again], deliveries }));

const shuffled = way.chain((happenings) => arrivals(happenings).map((how) => ({ happenings, ...how })));

const isOfLifecycle = ({ state }: Happening) => !REPLICATION.includes(state);
const endOf = (happenings: Happening[]) => happenings.filter(isOfLifecycle).at(-1) as Happening;

let now = NOW;
function deliver(record: TaskRecord): void {
  if (!record.pending) return;
  stamp(record, (now += 10));
  delivered(record, now, 1);
}

function play(order: Happening[], deliveries: boolean[]): TaskRecord {
  const record = newTaskRecord(reportOf(order[0] as Happening));
  record.registered = true;
  order.forEach((happening, i) => {
    accept(record, reportOf(happening), (now += 1));
    if (deliveries[i]) deliver(record);
  });
  return record;
}

describe('whatever the order of a server’s events, and however often each is delivered', () => {
  it('its task is at the end where it is by the newest one, unless that only follows events which it has overtaken', () => {
    fc.assert(
      fc.property(shuffled, ({ happenings, order, deliveries }) => {
        const end = endOf(happenings);
        const { status, progressPercent, beginsAttempt } = MGN_STATES[end.state];
        const hadEnd = happenings
          .filter(isOfLifecycle)
          .slice(0, -1)
          .some(({ state }) => isTerminal(MGN_STATES[state].status));
        // A launch of a second migration that comes before all else of it: the page says so.
        fc.pre(beginsAttempt === true || !hadEnd);
        const record = play(order, deliveries);
        for (let i = 0; i < 3; i++) deliver(record);
        expect(newestState(record)).toMatchObject({ status });
        if (progressPercent !== undefined) expect(newestState(record)?.progressPercent).toBe(progressPercent);
        expect(record.lastDelivered?.status).toBe(status);
      }),
      { numRuns: 1000 },
    );
  });

  it('a second round of all of them changes nothing', () => {
    fc.assert(
      fc.property(shuffled, ({ happenings, order, deliveries }) => {
        const record = play(order, deliveries);
        const before = { newest: newestState(record), reports: record.counters.reports };
        for (const happening of happenings) expect(accept(record, reportOf(happening), (now += 1))).toBe('duplicate');
        expect({ newest: newestState(record), reports: record.counters.reports }).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('in the order of time it is after each event where that says', () => {
    fc.assert(
      fc.property(way, (happenings) => {
        const record = newTaskRecord(reportOf(happenings[0] as Happening));
        let isAtEnd = false;
        for (const happening of happenings) {
          const { status, progressPercent, isReplication } = MGN_STATES[happening.state];
          const acceptance = accept(record, reportOf(happening), (now += 1));
          deliver(record);
          expect(acceptance).toBe(isReplication && isAtEnd ? 'refused' : 'accepted');
          if (acceptance === 'refused') continue;
          isAtEnd = isTerminal(status);
          expect(record.lastDelivered).toMatchObject({
            status,
            ...(progressPercent !== undefined && { progressPercent }),
          });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a task that Migration Hub has as COMPLETED, and no heartbeat workflow knows any more', () => {
  const found = { status: 'COMPLETED' as const, progressPercent: 100, updateDateTime: Date.parse(timeAt(1000)) / 1000 };

  function readBack(happening: Happening): TaskRecord {
    const report = reportOf(happening);
    const record = newTaskRecord(report);
    accept(record, report, NOW);
    const notification = stamp(record, NOW);
    const { reopen, allowDecrease, startedAt } = record.pending ?? {};
    const item = { ...report, notification, register: { reopen, allowDecrease, startedAt } };
    if (!mayFollow(item, found)) record.inFlight = undefined;
    registered(record, { found }, NOW, item.register);
    return record;
  }

  it.each([
    { state: 'CUTOVER', seconds: 900 },
    { state: 'TESTING', seconds: 999 },
    { state: 'CUTOVER_LAUNCH_SUCCEEDED', seconds: 1200 },
    { state: 'STALLED', seconds: 1200 },
    { state: 'DISCONNECTED', seconds: 1200 },
  ] as Happening[])('stays so after $state at $seconds s', (happening) => {
    const record = readBack(happening);
    expect(record.pending).toBeUndefined();
    expect(record.lastDelivered).toMatchObject({ status: 'COMPLETED' });
  });

  it.each(['NOT_READY', 'READY_FOR_TEST', 'READY_FOR_CUTOVER', 'TESTING'] as MgnState[])(
    'is reopened by %s that is newer',
    (state) => {
      const record = readBack({ state, seconds: 1200 });
      expect(record.inFlight?.notification).toMatchObject({ status: 'IN_PROGRESS' });
      expect(record.inFlight?.notification.progressPercent).toBe(MGN_STATES[state].progressPercent);
    },
  );
});
