import { describe, expect, it } from 'vitest';
import { actionsOf, continuingEventsOf, isBusy, type HistoryEvent } from '../../bench/history';

const event = (attributes: string, value: object = {}): HistoryEvent => ({ [`${attributes}EventAttributes`]: value });
const started = event('workflowExecutionStarted');
const continued = event('workflowExecutionStarted', { continuedExecutionRunId: 'before' });
const signaled = event('workflowExecutionSignaled');
const timer = event('timerStarted');
const activity = (attempt = 1) => event('activityTaskStarted', { attempt });
const workflowTask = ['workflowTaskScheduled', 'workflowTaskStarted', 'workflowTaskCompleted'].map((name) =>
  event(name),
);
const local = event('markerRecorded', { markerName: 'core_local_activity' });

it('the events of continue-as-new are those between the work of one run and that of the next', () => {
  const ended = event('workflowExecutionContinuedAsNew');
  expect(continuingEventsOf([started, ...workflowTask, timer])).toBe(0);
  expect(continuingEventsOf([started, ...workflowTask, ended])).toBe(1);
  expect(continuingEventsOf([continued, ...workflowTask, timer])).toBe(4);
  expect(continuingEventsOf([continued, ...workflowTask, timer, ended])).toBe(5);
});

it('a run is busy while an activity or a workflow task has not ended', () => {
  const scheduled = event('activityTaskScheduled');
  expect(isBusy([started, ...workflowTask, timer])).toBe(false);
  expect(isBusy([started, ...workflowTask.slice(0, 2)])).toBe(true);
  expect(isBusy([started, ...workflowTask, scheduled, activity()])).toBe(true);
  expect(isBusy([started, ...workflowTask, scheduled, activity(), event('activityTaskCompleted')])).toBe(false);
  expect(isBusy([started, ...workflowTask.slice(0, 2), event('workflowTaskTimedOut')])).toBe(false);
});

describe('billable actions of a history', () => {
  it('count a signal-with-start once, and each further signal', () => {
    expect(actionsOf([started, signaled, ...workflowTask])).toBe(1);
    expect(actionsOf([started, signaled, ...workflowTask, signaled])).toBe(2);
  });

  it('count a run that continues another, and a signal that came meanwhile', () => {
    expect(actionsOf([continued, signaled, ...workflowTask])).toBe(2);
  });

  it('count a heartbeat as a timer and an activity, with each attempt', () => {
    expect(actionsOf([timer, event('timerFired'), ...workflowTask, event('activityTaskScheduled'), activity()])).toBe(
      2,
    );
    expect(actionsOf([timer, activity(3)])).toBe(4);
  });

  it('count the local activities of a workflow task together', () => {
    expect(actionsOf([...workflowTask, local, local, ...workflowTask, local])).toBe(2);
    expect(actionsOf([event('markerRecorded', { markerName: 'Version' })])).toBe(0);
  });

  it('count nothing for events whose attributes are null, as protobuf leaves them', () => {
    expect(actionsOf([{ timerStartedEventAttributes: null, workflowTaskCompletedEventAttributes: {} }])).toBe(0);
  });
});
