import { expect, it, onTestFinished, vi } from 'vitest';
import { createNotifyTaskStates } from '../../src/activities/notify-task-states';
import { Registration } from '../../src/activities/registration';
import type { StandstillWatch } from '../../src/activities/standstill';
import { TaskCalls } from '../../src/activities/task-calls';
import { UndeliveredReports } from '../../src/activities/undelivered-reports';
import type { MigrationHubApi } from '../../src/migration-hub/api';
import { usableSettings, type NotifyItem, type NotifyResult } from '../../src/task-state';
import { environment, itemOf } from './activities';

const items = ['vm-1', 'vm-2', 'vm-3'].map((migrationTaskName): NotifyItem => ({
  progressUpdateStream: 'S',
  migrationTaskName,
  attach: [{ kind: 'createdArtifact', name: 'arn:aws:ec2:us-west-2::image/ami-1' }],
}));

/** A round whose time for attachments is over after two tasks. */
class TwoTasks extends TaskCalls {
  readonly ends: number[] = [];
  override attach(...[item, options, end]: Parameters<TaskCalls['attach']>) {
    this.ends.push(end);
    return super.attach(item, options, this.ends.length > 2 ? performance.now() - 1 : end);
  }
}

it('the attachments of all tasks of a round have 5 s together: what is left comes with a later round', async () => {
  const called: string[] = [];
  const hub = {
    associateCreatedArtifact: ({ migrationTaskName }: NotifyItem) => Promise.resolve(called.push(migrationTaskName)),
  } as unknown as MigrationHubApi;
  const calls = new TwoTasks(hub, new Registration(hub), new UndeliveredReports());
  const watch = { check: () => () => undefined } as unknown as StandstillWatch;
  const begun = performance.now();
  const notify = createNotifyTaskStates(calls, 1, usableSettings({}), watch);
  const run = environment().env.run(notify, items) as Promise<NotifyResult>;
  expect((await run).others).toEqual({ 2: { attachmentsLeft: 1 } });
  expect(called).toEqual(['vm-1', 'vm-2']);
  expect(new Set(calls.ends).size).toBe(1);
  expect(calls.ends[0]).toBeGreaterThanOrEqual(begun + 5000);
  expect(calls.ends[0]).toBeLessThanOrEqual(performance.now() + 5000);
});

it('no task of a round begins after 10 s: those that are delivered do not wait for the rest, which comes with the next', async () => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  const sent: string[] = [];
  const hub = {
    notifyMigrationTaskState({ migrationTaskName }: NotifyItem) {
      now += 4000;
      return Promise.resolve(sent.push(migrationTaskName));
    },
  } as unknown as MigrationHubApi;
  const calls = new TaskCalls(hub, new Registration(hub), new UndeliveredReports());
  const watch = { check: () => () => undefined } as unknown as StandstillWatch;
  const notify = createNotifyTaskStates(calls, 1, usableSettings({}), watch);
  const round = ['vm-1', 'vm-2', 'vm-3', 'vm-4', 'vm-5'].map((name) => itemOf(name));
  const { others } = (await environment().env.run(notify, round)) as NotifyResult;
  expect(sent).toEqual(['vm-1', 'vm-2', 'vm-3']);
  expect(others).toEqual({ 3: { notBegun: true }, 4: { notBegun: true } });
});
