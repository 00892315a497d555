import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createNotifyActivities } from '../../src/activities';
import { UndeliveredReports } from '../../src/activities/undelivered-reports';
import type { MigrationHubApi } from '../../src/migration-hub/api';
import type { NotifyItem, NotifyResult } from '../../src/task-state';
import { environment } from './activities';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('the attachments of all tasks of a round have 5 s together: what is left comes with a later round', async () => {
  const called: string[] = [];
  const hub = {
    associateCreatedArtifact: ({ migrationTaskName }: NotifyItem) => {
      called.push(migrationTaskName);
      vi.advanceTimersByTime(3000);
      return Promise.resolve();
    },
  } as unknown as MigrationHubApi;
  const { notifyTaskStates } = createNotifyActivities(hub, 1, new UndeliveredReports());
  const items = ['vm-1', 'vm-2', 'vm-3', 'vm-4'].map((migrationTaskName): NotifyItem => ({
    progressUpdateStream: 'S',
    migrationTaskName,
    attach: [{ kind: 'createdArtifact', name: 'arn:aws:ec2:us-west-2::image/ami-1' }],
  }));
  const { others } = await (environment().env.run(notifyTaskStates, items) as Promise<NotifyResult>);
  expect(called).toEqual(['vm-1', 'vm-2']);
  expect(others).toEqual({ 2: { attachmentsLeft: 1 }, 3: { attachmentsLeft: 1 } });
});
