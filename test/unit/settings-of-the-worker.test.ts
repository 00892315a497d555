import { expect, it } from 'vitest';
import { hasAllSettings } from '../../src/task-state/heartbeat-settings';
import { givenSettings, TaskGroup, usableInput, usableSettings } from '../../src/task-state';
import { itemOf, SETTINGS, useEmulator } from './activities';
import { reportOf } from './tasks';

const { activities } = useEmulator();
const OF_WORKER = usableSettings({ heartbeatFraction: 0.5, silenceLimitSeconds: 60, deadlineSearchAttribute: true });
/** Takes a report, and sends what is due. */
function sending(group: TaskGroup, sequence: number, now: number) {
  group.take(reportOf(sequence, { nextUpdateSeconds: 1000 }), now);
  return group.takeDue(now);
}
const heartbeatAfter = (group: TaskGroup) => {
  const view = group.view('vm-1', 0);
  return view && !Array.isArray(view) ? (view.nextHeartbeatAt ?? 0) - (view.lastDelivered?.updateDateTime ?? 0) : 0;
};

it('what a client did not set is as the worker has it, from its first answer on', () => {
  const group = new TaskGroup({ lingerSeconds: 5 }, 0);
  const round = sending(group, 1, 1000);
  expect(round.items.map(({ asksForSettings }) => asksForSettings)).toEqual([true]);
  group.settle(round, { others: {}, settings: OF_WORKER }, 1000);
  expect(group.settings).toMatchObject({ ...OF_WORKER, lingerSeconds: 5 });
  expect(heartbeatAfter(group)).toBe(500);
  // The next run knows it from its start.
  const next = new TaskGroup(usableInput({ settings: group.knownSettings }, true).settings, 0, [
    ...group.records.values(),
  ]);
  expect(next.settings).toEqual(group.settings);
  expect(heartbeatAfter(next)).toBe(500);
  const second = sending(group, 2, 1100);
  expect(second.items).toHaveLength(1);
  expect(second.items[0]).not.toHaveProperty('asksForSettings');
});

it('defaults count until then; without an answer the next round asks again; what was set stays', () => {
  const group = new TaskGroup({ heartbeatFraction: 0.2, deadlineSearchAttribute: false }, 0);
  const round = sending(group, 1, 1000);
  group.settle(round, { type: 'X', message: 'x', retry: 'backoff' }, 1000);
  expect(group.settings).toEqual(usableSettings({ heartbeatFraction: 0.2 }));
  const again = group.takeDue(1060);
  expect(again.items[0]?.asksForSettings).toBe(true);
  group.settle(again, { others: {}, settings: OF_WORKER }, 1060);
  expect(group.settings).toMatchObject({
    heartbeatFraction: 0.2,
    deadlineSearchAttribute: false,
    silenceLimitSeconds: 60,
  });
});

it('only the first task of a round asks, and none where all is set', () => {
  const [asking, knowing] = [{}, OF_WORKER].map((given) => {
    const group = new TaskGroup(given, 0);
    for (const migrationTaskName of ['vm-1', 'vm-2']) group.take(reportOf(1, { migrationTaskName }), 1000);
    return group.takeDue(1000).items.map(({ asksForSettings = false }) => asksForSettings);
  });
  expect(asking).toEqual([true, false]);
  expect(knowing).toEqual([false, false]);
  expect([{}, OF_WORKER, { ...OF_WORKER, batchSize: undefined }].map(hasAllSettings)).toEqual([false, true, false]);
});

it.each([undefined, null, 5, 'all', [], { heartbeatFraction: 'half', batchSize: Number.NaN }])(
  'a heartbeat workflow that was started with the settings %j has those of the worker',
  (given) => expect(givenSettings(given)).toEqual({}),
);

it('the worker gives its settings where it is asked, and only there', async () => {
  const { notify, importTasks } = activities();
  await importTasks('vm-1');
  expect(await notify([itemOf('vm-1')])).not.toHaveProperty('settings');
  expect(await notify([itemOf('vm-1', {}, { asksForSettings: true })])).toMatchObject({ settings: SETTINGS });
});
