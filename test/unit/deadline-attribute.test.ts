import type { Client } from '@temporalio/client';
import { describe, expect, it, vi } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { checkDeadlineAttribute } from '../../src/client/deadline-attribute';
import { heartbeatSettings } from '../../src/client/settings';
import { usableSettings, wrongSettings } from '../../src/task-state';
import { failure, groupOf, reportOf } from './tasks';

const CREATE = 'temporal operator search-attribute create --namespace wave --name MigrationHubDeadline --type Datetime';
/** A client of a server with these custom attributes, by the numbers of the API; or one that fails so. */
const clientOf = (answer: Record<string, number> | { code: number }) => {
  const listSearchAttributes = vi.fn(() =>
    'code' in answer
      ? Promise.reject(Object.assign(new Error('not told'), answer))
      : Promise.resolve({ customAttributes: answer }),
  );
  const start = vi.fn();
  const client = {
    options: { namespace: 'wave' },
    connection: { operatorService: { listSearchAttributes } },
    withDeadline: <T>(_end: number, work: () => Promise<T>) => work(),
    workflow: { start },
  } as unknown as Client;
  return { client, listSearchAttributes, start };
};
const check = (answer: Parameters<typeof clientOf>[0], onUnknown: (message: string) => void = () => undefined) =>
  checkDeadlineAttribute(clientOf(answer).client, onUnknown);

describe('where the deadlines are to be in a search attribute, the namespace must have it', () => {
  it('which is all right as Datetime', () => check({ MigrationHubDeadline: 6, Other: 2 }));

  it('else the command that makes it is told', () =>
    expect(check({ Other: 6 })).rejects.toThrow(
      `deadlineSearchAttribute is set, but the search attribute MigrationHubDeadline is not in the namespace wave: ${CREATE}`,
    ));

  it.each([
    [1, 'Text'],
    [2, 'Keyword'],
    [5, 'Bool'],
    [99, '99'],
  ])('of the type %s it is refused as %s, with the commands that mend it', (type, name) =>
    expect(check({ MigrationHubDeadline: type })).rejects.toThrow(
      `of the namespace wave has the type ${name}, not Datetime: temporal operator search-attribute remove --namespace wave --name MigrationHubDeadline, then ${CREATE}`,
    ),
  );

  it.each([7, 12])('a server that never tells (%s) is warned of', async (code) => {
    const warn = vi.fn();
    await check({ code }, warn);
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(CREATE));
  });

  it('a server that does not answer fails the start', () => expect(check({ code: 14 })).rejects.toThrow('not told'));

  it('a client asks before its first report, and starts nothing without it', async () => {
    const { client, start } = clientOf({});
    const hub = new MigrationHubClient({ client, heartbeat: { deadlineSearchAttribute: true } });
    await expect(hub.report(reportOf(1))).rejects.toThrow(CREATE);
    expect(start).not.toHaveBeenCalled();
  });
});

describe('the setting', () => {
  it('is off unless it is set', () => {
    for (const settings of [
      heartbeatSettings(),
      heartbeatSettings({ deadlineSearchAttribute: false }),
      usableSettings({}),
    ])
      expect(settings).toHaveProperty('deadlineSearchAttribute', false);
    expect(heartbeatSettings({ deadlineSearchAttribute: true })).toEqual({
      ...heartbeatSettings(),
      deadlineSearchAttribute: true,
    });
  });

  it.each(['true', 1, null])(
    '%j is refused by name, and by a heartbeat workflow that cannot refuse not used',
    (given) => {
      const settings = { deadlineSearchAttribute: given as never };
      expect(() => heartbeatSettings(settings)).toThrow(
        `deadlineSearchAttribute is ${JSON.stringify(given)}, but it must be true or false`,
      );
      expect(wrongSettings(settings)).toEqual(['deadlineSearchAttribute']);
      expect(usableSettings(settings)).toEqual(usableSettings({}));
    },
  );
});

describe('the earliest deadline of a group', () => {
  const deliver = (group: ReturnType<typeof groupOf>, now: number) =>
    group.settle(group.takeDue(now), { others: {} }, now);
  const report = (name: string, nextUpdateSeconds: number, more = {}) =>
    reportOf(1, { migrationTaskName: name, nextUpdateSeconds, ...more });

  it('is that of the task that would be stale first, delivered only', () => {
    const group = groupOf();
    group.take(report('vm-1', 100), 1000);
    expect(group.earliestDeadline()).toBeUndefined();
    group.take(report('vm-2', 60), 1000);
    deliver(group, 1000);
    expect(group.earliestDeadline()).toBe(1060);
  });

  it('stays while its task is not delivered anew, stale or not, and goes on with what is', () => {
    const group = groupOf();
    group.take(report('vm-1', 100), 1000);
    deliver(group, 1000);
    group.settle(group.takeDue(1040), failure(), 1200);
    expect(group.earliestDeadline()).toBe(1100);
    deliver(group, 1300);
    expect(group.earliestDeadline()).toBe(1400);
  });

  it('is none once every task is at its end', () => {
    const group = groupOf();
    group.take(report('vm-1', 100), 1000);
    deliver(group, 1000);
    group.take(reportOf(2, { status: 'COMPLETED' }), 1010);
    expect(group.earliestDeadline()).toBe(1100);
    deliver(group, 1010);
    expect(group.earliestDeadline()).toBeUndefined();
  });
});
