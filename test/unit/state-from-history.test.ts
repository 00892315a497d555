import { defaultDataConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import {
  attributesOf,
  currentVersion,
  readHistory,
  storedHistories,
  type HistoryJson,
} from '../../dev/histories/files';
import { fromJson } from '../../dev/histories/json';
import { followHistory } from '../../src/client/history/follow-history';
import { REPORT_SIGNAL, type TaskReport } from '../../src/report';
import { type TaskRecord, type TaskStateView } from '../../src/task-state';
import { nearTimes } from '../fixtures/near-times';

const NOW = 1e10;
// That of an application is of another workflow.
const stored = storedHistories(currentVersion()).filter(
  ({ workflows, name }) => workflows === 'heartbeat' && name !== 'application',
);
const reader = { loadedDataConverter: defaultDataConverter, namespace: 'default' };

function historyOf(name: string): HistoryJson {
  const found = stored.find((each) => each.name === name);
  if (!found) throw new Error(`no history ${name} is stored`);
  return readHistory(found);
}
/** An id of no known form: the reports of any task are taken. */
const fold = (history: HistoryJson) => followHistory(fromJson(history), reader, 'recorded');
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
const ledgerOf = async (history: HistoryJson) => plain((await fold(history)).ledger(NOW)) as TaskStateView[];

/** What the workflow itself wrote down last: its result, or the input of its next run. */
function lastWord<T>({ events }: HistoryJson, field: string): T {
  const held = attributesOf(events.at(-1))[field] as { payloads: { data: string }[] };
  return JSON.parse(Buffer.from(held.payloads[0]?.data ?? '', 'base64').toString()) as T;
}

it.each(['terminal', 'found-terminal'])(
  'the ledger that a workflow left as its result is the one read from its history: %s',
  async (name) => {
    const history = historyOf(name);
    const ledger = lastWord<TaskStateView[]>(history, 'result');
    expect(ledger).toHaveLength(1);
    // Since it was recorded the answer may have got further fields, and reasons other words.
    const anyReason = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (key, each: unknown) => (key === 'reason' ? 'any' : each)));
    expect(anyReason((await fold(history)).ledger(ledger[0]?.judgedAt as number))).toMatchObject(
      nearTimes(anyReason(ledger)) as object,
    );
  },
);

it('the tasks that a run hands on are those read from its history, in every field it wrote', async () => {
  const history = historyOf('continue-as-new.1');
  const { tasks } = lastWord<{ tasks: TaskRecord[] }>(history, 'input');
  expect(tasks[0]?.pending).toBeDefined();
  const read = [...(await fold(history)).records.values()];
  expect(read).toHaveLength(tasks.length);
  expect(read).toMatchObject(nearTimes(tasks) as TaskRecord[]);
});

it('a task that has left its group is handed on, and is known in the next run as it was', async () => {
  const { left } = lastWord<{ left: TaskRecord[] }>(historyOf('left-carried.1'), 'input');
  expect(left).toMatchObject([
    { migrationTaskName: 'left-carried', labels: { application: 'shop' }, lastDelivered: { status: 'FAILED' } },
  ]);
  const { events } = historyOf('left-carried.2');
  const stateAfter = async (count: number) =>
    (await fold({ events: events.slice(0, count) }))
      .states(NOW)
      .find((each) => each.migrationTaskName === 'left-carried');
  expect(await stateAfter(1)).toMatchObject({ freshness: 'terminal', counters: { reports: 1 } });
  expect(await stateAfter(events.length)).toMatchObject({
    labels: { application: 'shop' },
    lastDelivered: { status: 'IN_PROGRESS', progressPercent: 5 },
    counters: { reports: 2, notifications: 2 },
  });
});

describe('a recorded history tells', () => {
  it.each([
    ['start', { status: 'IN_PROGRESS', progressPercent: 10 }, { reports: 1, notifications: 1 }],
    ['heartbeat', { progressPercent: 10 }, { reports: 1, notifications: 2, heartbeats: 1 }],
    ['retry', { progressPercent: 10 }, { notifications: 2, retries: 2 }],
    ['denied', { progressPercent: 10 }, { notifications: 1, retries: 0 }],
    ['supersede', { progressPercent: 50 }, { reports: 2 }],
    ['attributes', { progressPercent: 10 }, { reports: 1, notifications: 1 }],
    ['attachments', { status: 'COMPLETED', progressPercent: 100 }, { reports: 3, notifications: 3 }],
    ['continue-as-new.2', { progressPercent: 92 }, { notifications: 3 }],
    ['refused', { status: 'COMPLETED' }, { reports: 1, refused: 1 }],
    ['found-percent', { status: 'IN_PROGRESS', progressPercent: 60 }, { reports: 1, notifications: 1 }],
    ['owner-lost', { status: 'FAILED', statusDetail: 'The workflow lost-owner was terminated' }, { reports: 2 }],
    ['reopened', { status: 'IN_PROGRESS', progressPercent: 5 }, { reports: 2, notifications: 2 }],
    [
      'cancel',
      { status: 'FAILED', statusDetail: 'Cancelled: the heartbeat of this task was cancelled' },
      { reports: 2 },
    ],
  ])('%s', async (name, lastDelivered, counters) => {
    const [view] = await ledgerOf(historyOf(name));
    expect(view).toMatchObject({ lastDelivered, counters });
    expect(view?.pending).toBeUndefined();
    for (const { state } of view?.attachments ?? []) expect(['associated', 'disassociated']).toContain(state);
  });

  it('why the heartbeats of a task ended', async () => {
    const [view] = await ledgerOf(historyOf('owner-completed'));
    expect(view).toMatchObject({
      lastDelivered: { status: 'IN_PROGRESS' },
      abandoned: {
        reason: expect.stringMatching(/^its owner completed-owner completed without reporting an end/) as string,
      },
    });
  });

  it('the heartbeats and the attributes of a shared group', async () => {
    const views = await ledgerOf(historyOf('shared-group'));
    const open = views.filter(({ freshness }) => freshness !== 'terminal');
    expect(open.map(({ counters }) => counters.heartbeats > 0)).toEqual([true, true, true]);
    expect(views).toHaveLength(4);
  });

  it('each task of a group', async () => {
    const names = (await ledgerOf(historyOf('batch'))).map((view) => [view.migrationTaskName, view.counters.reports]);
    expect(names.sort()).toEqual([1, 2, 3, 4].map((i) => [`batch-${i}`, 2]));
  });
});

it.each([
  [
    'timed out',
    {
      activityTaskTimedOutEventAttributes: {
        failure: { timeoutFailureInfo: { timeoutType: 'TIMEOUT_TYPE_HEARTBEAT' } },
      },
    },
    { type: 'WorkerLost' },
  ],
  [
    'failed',
    {
      activityTaskFailedEventAttributes: {
        failure: { message: 'Encoded failure', encodedAttributes: { data: 'AAAA' } },
      },
    },
    { type: 'UnknownError', message: 'Encoded failure' },
  ],
  ['was cancelled', { activityTaskCanceledEventAttributes: {} }, { type: 'Superseded' }],
])('a report whose activity %s is pending, with the reason', async (_how, end, lastFailure) => {
  const { events } = historyOf('start');
  const [[name, attributes]] = Object.entries(end) as [[string, object]];
  const ended = { eventId: '7', eventType: 'EVENT_TYPE_UNSPECIFIED', [name]: { ...attributes, scheduledEventId: '5' } };
  const [view] = await ledgerOf({ events: [...events.slice(0, 6), ended] });
  expect(view).toMatchObject({ pending: { progressPercent: 10, attempts: 1 }, lastFailure });
  expect(view?.lastDelivered).toBeUndefined();
});

it.each(['Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut'])(
  'an open task of a workflow whose history ends as %s is unattended, and no heartbeat of it is promised',
  async (how) => {
    const { events } = historyOf('heartbeat');
    const open = events.filter(
      (event) => !Object.keys(event).some((key) => /^workflowExecution(?!Started|Signaled)/.test(key)),
    );
    const nextHeartbeatAt = expect.any(Number) as number;
    expect((await ledgerOf({ events: open }))[0]).toMatchObject({ freshness: 'stale', nextHeartbeatAt });
    const end = {
      eventId: '9999',
      eventType: 'EVENT_TYPE_UNSPECIFIED',
      [`workflowExecution${how}EventAttributes`]: {},
    };
    const [view] = await ledgerOf({ events: [...open, end] });
    expect(view).toMatchObject({ freshness: 'unattended', lastDelivered: { progressPercent: 10 } });
    expect(view).not.toHaveProperty('nextHeartbeatAt');
  },
);

it.each(stored)('$name, cut off after any event, loses no report that was accepted', async (each) => {
  const { events } = readHistory(each);
  const accepted: TaskReport[] = [];
  for (let count = 1; count <= events.length; count++) {
    const event = events[count - 1];
    if (attributesOf(event)['signalName'] === REPORT_SIGNAL)
      accepted.push(lastWord<TaskReport>({ events: events.slice(count - 1, count) }, 'input'));
    // The first report may be the workflow's input.
    const { report } = count === 1 ? lastWord<{ report?: TaskReport }>({ events: events.slice(0, 1) }, 'input') : {};
    if (report) accepted.push(report);
    const ledger = await ledgerOf({ events: events.slice(0, count) });
    for (const { migrationTaskName, owner } of accepted) {
      const { ownerId, sequence } = owner as NonNullable<TaskReport['owner']>;
      const view = ledger.find((task) => task.migrationTaskName === migrationTaskName);
      expect(view?.reporters[ownerId]?.accepted).toBeGreaterThanOrEqual(sequence);
    }
  }
  expect(accepted.length + (each.name.endsWith('.2') ? 1 : 0)).toBeGreaterThan(0);
});

it('a report that comes with the news that its owner is gone is taken in first, as the workflow does', async () => {
  const { events } = historyOf('owner-lost');
  const resultOf = (event: (typeof events)[number]) =>
    'activityTaskCompletedEventAttributes' in event ? JSON.stringify(lastWord({ events: [event] }, 'result')) : '';
  const news = events.findIndex((event) => resultOf(event).includes('ownerEnd'));
  expect(news).toBeGreaterThan(0);
  const { report } = lastWord<{ report: TaskReport }>({ events: events.slice(0, 1) }, 'input');
  const owner = { ...report.owner, sequence: 2 };
  const data = Buffer.from(JSON.stringify({ ...report, owner, progressPercent: 40 })).toString('base64');
  const metadata = { encoding: Buffer.from('json/plain').toString('base64') };
  const signal = {
    eventId: '0',
    eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
    eventTime: events[news]?.eventTime,
    workflowExecutionSignaledEventAttributes: {
      signalName: REPORT_SIGNAL,
      input: { payloads: [{ metadata, data }] },
    },
  };
  const [before, workflowTask] = [events.slice(0, news + 1), events.slice(news + 1, news + 4)];
  const [view] = await ledgerOf({ events: [...before, signal, ...workflowTask] });
  expect(view).toMatchObject({ pending: { status: 'IN_PROGRESS', progressPercent: 40 } });
  expect(view?.abandoned).toBeUndefined();
});
