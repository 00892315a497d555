/** Events, billable actions and AWS calls of a first report, a report and a heartbeat, in groups of several sizes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrationHubClient } from 'temporal-migration-hub';
import { NOTIFY } from '../emulator-door';
import type { Figure, FigureContext } from '../figure';
import type { Measurement } from '../goals';
import { costOf, otherWorkflows, type Cost } from '../history';
import { short as shorten } from '../numbers';
import { report, reportAll, startMigrations, type Migration } from '../migrations';
import { inWorld, type World } from '../world';

const SIZES = [10, 100, 500];
/** First reports that stand for the group of one. */
const SINGLES = 10;
/** Reports one after the other. */
const REPORTS = 10;
const QUIET_SECONDS = 1.2;
const QUIET_WITHIN_SECONDS = 15;
const DELIVERED_WITHIN_SECONDS = 180;
/** A round comes each 4.5 s, later on a busy machine. */
const SECONDS_PER_ROUND = 15;
/** Far enough apart that none comes while reports are counted. */
const NO_HEARTBEATS = 86_400;
/** As often as may be: each 4.5 s, all tasks of a group within half a second. */
const OFTEN = { nextUpdateSeconds: 45, heartbeatFraction: 0.1 };

/** What a stream has cost so far. */
interface Spent extends Cost {
  runs: number;
  calls: number;
  /** CreateProgressUpdateStream: of the stream, not of a task. */
  creates: number;
  notifications: number;
}

async function spentOf(world: World, stream: string): Promise<Spent> {
  const cost = await costOf(world, stream);
  const journal = (await world.door.journal()).filter((entry) => entry.progressUpdateStream === stream);
  const ofOperation = (name: string) => journal.filter(({ operation }) => operation === name).length;
  const creates = ofOperation('CreateProgressUpdateStream');
  return { ...cost, creates, calls: journal.length - creates, notifications: ofOperation(NOTIFY) };
}

/** The same once nothing changes any more: what is still on its way would be counted with what comes next. */
async function quiet(world: World, stream: string): Promise<Spent> {
  let last = await spentOf(world, stream);
  await world.until(QUIET_WITHIN_SECONDS, async () => {
    await sleep(QUIET_SECONDS * 1000);
    const before = last;
    last = await spentOf(world, stream);
    return last.runs > 0 && last.busy === 0 && last.events === before.events && last.calls === before.calls;
  });
  return last;
}

/** Calls that belong to the stream and not to a task. */
const creates = (size: number, { creates: value, runs }: Spent): Measurement => ({
  id: `first-report.creates.${size}`,
  label: `first reports of a stream, ${groupOf(size)}: CreateProgressUpdateStream`,
  value,
  unit: '',
  detail: `${runs} heartbeat workflows`,
  jsonOnly: true,
});

const groupOf = (size: number) => (size === 1 ? 'group of one' : `group of ${size}`);

/** What came between, divided by how many there were. */
function perOne(name: string, size: number, count: number, from: Spent | undefined, to: Spent): Measurement[] {
  const value = (what: 'events' | 'continuing' | 'actions' | 'calls') => (to[what] - (from?.[what] ?? 0)) / count;
  const id = (what: string) => `${name.replace(' ', '-')}.${what}.${size}`;
  const label = (what: string) => `${name}, ${groupOf(size)}: ${what}`;
  const actions = value('actions');
  const calls = value('calls');
  const continuing = value('continuing');
  const more = continuing > 0 ? `, and ${shorten(continuing)} events for continue-as-new` : '';
  const detail = `${shorten(actions)} actions, ${shorten(calls)} AWS calls${more}; ${to.runs} runs, counted over ${count}`;
  return [
    { id: id('events'), label: label('events'), value: value('events') - continuing, unit: '', detail },
    { id: id('actions'), label: label('billable actions'), value: actions, unit: '', jsonOnly: true },
    { id: id('calls'), label: label('AWS calls'), value: calls, unit: '', jsonOnly: true },
  ];
}

const isDelivered = async (world: World, { task, stream }: Migration, detail: string) =>
  (await world.door.arrivals(task)).some((each) => each.stream === stream && each.detail === detail);

/** First reports from all callers at once, then reports one after the other, without heartbeats. */
async function reports(world: World, hub: MigrationHubClient, size: number): Promise<Measurement[]> {
  const stream = `Reports-${size}`;
  const count = size === 1 ? SINGLES : size;
  const settings = { nextUpdateSeconds: NO_HEARTBEATS };
  const migrations = await startMigrations(world, stream, count);
  await reportAll(hub, migrations, settings);
  await deliveries(world, stream, count);
  const first = await quiet(world, stream);
  const again = migrations.slice(0, REPORTS);
  for (const [i, migration] of again.entries()) {
    const statusDetail = `report ${i}`;
    await report(hub, migration, { ...settings, statusDetail });
    const arrived = await world.until(30, () => isDelivered(world, migration, statusDetail), 0.1);
    if (!arrived) throw new Error(`a report of ${stream} was not delivered within 30 s`);
    await sleep(100);
  }
  const second = await quiet(world, stream);
  return [
    ...perOne('first report', size, count, undefined, first),
    creates(size, first),
    ...perOne('report', size, again.length, first, second),
  ];
}

/** Waits until `count` notifications of a stream were taken. */
async function deliveries(
  world: World,
  stream: string,
  count: number,
  seconds = DELIVERED_WITHIN_SECONDS,
): Promise<void> {
  const notified = async () => (await world.door.arrivals()).filter((each) => each.stream === stream).length;
  const all = await world.until(seconds, async () => (await notified()) >= count);
  if (!all) throw new Error(`${await notified()} of ${count} notifications of ${stream} in ${seconds} s`);
}

/**
 * A number of rounds of heartbeats, continue-as-new included as it comes. For the group of one this is one task: the heartbeats of
 * several such groups come each at its own time, so that there may be no moment with none in flight.
 */
async function heartbeats(world: World, size: number, rounds: number): Promise<Measurement[]> {
  const stream = `Heartbeats-${size}`;
  const hub = world.hub({ heartbeatFraction: OFTEN.heartbeatFraction });
  const migrations = await startMigrations(world, stream, size);
  await reportAll(hub, migrations, { nextUpdateSeconds: OFTEN.nextUpdateSeconds });
  // One round each, so that what the first reports left is over.
  await deliveries(world, stream, 2 * size);
  const from = await quiet(world, stream);
  await deliveries(
    world,
    stream,
    from.notifications + rounds * size,
    DELIVERED_WITHIN_SECONDS + rounds * SECONDS_PER_ROUND,
  );
  const to = await quiet(world, stream);
  return perOne('heartbeat', size, to.notifications - from.notifications, from, to);
}

/** All that is counted in a world: side by side, since counts do not depend on time. */
async function countIn(sizes: number[], groups: number, { short, add, log }: FigureContext): Promise<void> {
  await inWorld(groups, async (world) => {
    await world.startHubWorker();
    // At 11 events a round some runs of 500 events end within the long form.
    const rounds = short ? 3 : 60;
    for (const each of await Promise.all(sizes.map((size) => reports(world, world.hub(), size)))) add(...each);
    log(`reports of groups of ${sizes.join(', ')} counted; now ${rounds} rounds of heartbeats`);
    for (const each of await Promise.all(sizes.map((size) => heartbeats(world, size, rounds)))) add(...each);
    const others = await otherWorkflows(world);
    log(`other workflows of the package, and their events: ${JSON.stringify(others)}`);
    const tasks = await world.door.tasks();
    const id = groups === 0 ? 'counts.one' : 'counts.groups';
    const label = groups === 0 ? 'groups of one' : `groups of ${sizes.join(', ')}`;
    const staleSeconds = await world.door.staleSeconds();
    add({ id: `${id}.lost`, label: `tasks without a notification, ${label}`, value: withoutOne(tasks), unit: '' });
    add({ id: `${id}.stale`, label: `stale seconds, ${label}`, value: staleSeconds, unit: 's' });
  });
}

const withoutOne = (tasks: { notifications: number }[]) => tasks.filter((task) => task.notifications === 0).length;

/** Counts for a group of one and for shared groups, which need workers of their own. */
export const counts: Figure = {
  about: 'events, billable actions and AWS calls per first report, report and heartbeat, groups of 1, 10, 100, 500',
  run: async (context) => {
    await Promise.all([countIn([1], 0, context), countIn(SIZES, 1, context)]);
  },
};
