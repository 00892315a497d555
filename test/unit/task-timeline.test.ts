import { defaultDataConverter } from '@temporalio/common';
import { expect, it } from 'vitest';
import { currentVersion, readHistory, storedHistories, type HistoryJson } from '../../dev/histories/files';
import { fromJson } from '../../dev/histories/json';
import { followHistory } from '../../src/client/history/follow-history';
import { TaskTimeline, type TaskEvent } from '../../src/client/history/task-timeline';

const reader = { loadedDataConverter: defaultDataConverter, namespace: 'default' };

function historyOf(name: string): HistoryJson {
  const found = storedHistories(currentVersion()).find((each) => each.name === name);
  if (!found) throw new Error(`no history ${name} is stored`);
  return readHistory(found);
}

async function timelineOf(task: string, { events }: HistoryJson): Promise<TaskEvent[]> {
  const timeline = new TaskTimeline(task);
  await followHistory(fromJson({ events }), reader, 'recorded', (...step) => timeline.step(...step));
  return timeline.events;
}

/** In short: what, status, percent, and what else is worth a word. */
const inShort = ({ what, status, progressPercent, retries, by, reason }: TaskEvent): string =>
  [what, status, progressPercent, retries && `${retries} retries`, by?.workflowId && `by ${by.workflowId}`, reason]
    .filter((part) => part !== undefined && part !== '' && part !== 0)
    .join(' ');

it.each<[string, (string | RegExp)[]]>([
  ['start', ['report IN_PROGRESS 10', 'notification IN_PROGRESS 10']],
  ['heartbeat', ['report IN_PROGRESS 10', 'notification IN_PROGRESS 10', 'heartbeat IN_PROGRESS 10']],
  [
    'retry',
    [
      'report IN_PROGRESS 1',
      'notification IN_PROGRESS 1',
      'report IN_PROGRESS 10',
      'notification IN_PROGRESS 10 2 retries',
    ],
  ],
  [
    'denied',
    ['report IN_PROGRESS 10', /^failure IN_PROGRESS 10 AccessDeniedException: /, 'notification IN_PROGRESS 10'],
  ],
  [
    'terminal',
    ['report IN_PROGRESS 90', 'notification IN_PROGRESS 90', 'report COMPLETED 100', 'notification COMPLETED 100'],
  ],
  [
    'refused',
    ['report COMPLETED 100', 'notification COMPLETED 100', /^refused IN_PROGRESS 50 the task is already COMPLETED: /],
  ],
  [
    'found-terminal',
    ['report IN_PROGRESS 50', 'found COMPLETED 100', /^refused IN_PROGRESS 50 Migration Hub already holds/],
  ],
  ['reopened', ['report FAILED 80', 'notification FAILED 80', 'report IN_PROGRESS 5', 'notification IN_PROGRESS 5']],
  [
    'owner-lost',
    [
      'report IN_PROGRESS 30 by lost-owner',
      'notification IN_PROGRESS 30 by lost-owner',
      /^heartbeats-ended its owner lost-owner was terminated/,
      'report FAILED 30',
      'notification FAILED 30 by lost-owner',
    ],
  ],
  [
    'owner-completed',
    [
      'report NOT_STARTED by completed-owner',
      'report IN_PROGRESS 10 by completed-owner',
      'report IN_PROGRESS 20 by completed-owner',
      'report IN_PROGRESS 30 by completed-owner',
      'notification IN_PROGRESS 30 by completed-owner',
      /^heartbeats-ended its owner completed-owner completed without/,
    ],
  ],
  ['cancel', ['report IN_PROGRESS 10', 'notification IN_PROGRESS 10', 'report FAILED 10', 'notification FAILED 10']],
])('of a recorded history: %s', async (name, wanted) => {
  const events = await timelineOf(name, historyOf(name));
  // How many of the reports were sent on their own depends on the machine that recorded them.
  const told = events.map(inShort).filter((each) => !each.startsWith('notification') || wanted.includes(each));
  expect(told).toHaveLength(wanted.length);
  wanted.forEach((each, i) => (typeof each === 'string' ? expect(told[i]).toBe(each) : expect(told[i]).toMatch(each)));
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
  for (const { what, updateDateTime, deadline, at } of events)
    if (what === 'notification' || what === 'heartbeat') {
      expect(updateDateTime).toBeLessThanOrEqual(at);
      expect(deadline).toBeGreaterThan(at);
    }
});

it('what a run was given by the one before is no event of it', async () => {
  const [first, second] = await Promise.all(
    ['continue-as-new.1', 'continue-as-new.2'].map((name) => timelineOf('continue-as-new', historyOf(name))),
  );
  expect(first?.[0]?.what).toBe('report');
  expect(second?.[0]).toMatchObject({ what: 'notification', progressPercent: 92 });
});

it('a failure is told with its reason, and that the heartbeat workflow ended before the task did', async () => {
  const { events } = historyOf('start');
  const failed = {
    eventId: '7',
    eventType: 'EVENT_TYPE_UNSPECIFIED',
    eventTime: events[5]?.eventTime,
    activityTaskFailedEventAttributes: { failure: { message: 'Encoded failure' }, scheduledEventId: '5' },
  };
  const terminated = {
    eventId: '8',
    eventType: 'EVENT_TYPE_UNSPECIFIED',
    eventTime: events[5]?.eventTime,
    workflowExecutionTerminatedEventAttributes: {},
  };
  const told = await timelineOf('start', { events: [...events.slice(0, 6), failed, terminated] });
  expect(told.map(inShort)).toEqual([
    'report IN_PROGRESS 10',
    'heartbeats-ended its heartbeat workflow has ended before the task was at its end',
    'failure IN_PROGRESS 10 UnknownError: Encoded failure',
  ]);
});

it('of a group only the events of the task that is asked for', async () => {
  const history = historyOf('batch');
  const told = await timelineOf('batch-2', history);
  expect(told.filter(({ what }) => what === 'report')).toHaveLength(2);
  expect(await timelineOf('batch-9', history)).toEqual([]);
});
