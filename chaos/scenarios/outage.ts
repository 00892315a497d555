import { inParallel } from '../../src/async/in-parallel';
import type { OutageSetting } from '../../src/emulator';
import { byTask, type Call } from '../calls';
import { fault } from '../judge';
import type { AcceptedReport, Findings } from '../referee';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { nowSeconds, STREAM, taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 90;
const TASKS = 200;
/** What the client promises for each answer, however busy the workers are. */
const ANSWERED_WITHIN_SECONDS = 15;
const FRESH_WITHIN_SECONDS = 35;
/** A newer report has taken the place of one that is being retried; where calls hang, that may wait 10 s for a connection first. */
const supersededWithinSeconds = (type: OutageSetting['type']): number => (type === 'hang' ? 13 : 3);
/** A third of the time between a heartbeat (30 s) and the deadline (90 s). */
const SHORT_OUTAGE_SECONDS = 20;

/** Reports that came to Migration Hub after the outage though a newer one had replaced them. */
function replacedYetSent(reports: AcceptedReport[], calls: Call[], recoveredAt: number): Findings {
  const arrived = new Set(calls.filter(({ at }) => at >= recoveredAt).map(({ task, detail }) => `${task}\n${detail}`));
  return [...byTask(reports.filter(({ acceptedAt }) => acceptedAt < recoveredAt))].flatMap(([task, all]) => {
    const older = all.sort((a, b) => a.sequence - b.sequence).slice(0, -1);
    return older.filter(({ id }) => arrived.has(`${task}\n${id}`)).map(({ id }) => `${task}: "${id}"`);
  });
}

/** Asks about every task, a few at once: those whose freshness is none of `wanted`, and how long the slowest answer took. */
async function ask(world: World, names: string[], wanted: string): Promise<{ others: Findings; seconds: number }> {
  const hub = world.hubClient();
  const asked = { others: [] as Findings, seconds: 0 };
  await inParallel(names, 20, async (name) => {
    const from = nowSeconds();
    const view = await hub.lastReportedState(STREAM, name);
    asked.seconds = Math.max(asked.seconds, nowSeconds() - from);
    if (view?.freshness !== wanted) asked.others.push(`${name} is shown as ${view?.freshness}`);
  });
  return asked;
}

/** One outage that must do no harm, then one past all deadlines. */
export const outage = (type: OutageSetting['type']): Scenario => ({
  about: `nothing gets through (${type}): short of the deadline without a trace, beyond it shown and made good`,
  inShort: false,
  async run(context) {
    const { log } = context;
    const world = await World.make(context);
    const { emulator } = world;
    await world.startHubWorker();
    const names = taskNames(TASKS);
    const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
    await reporter.reportAll(names);
    await world.allDelivered(60);

    // It begins when the first heartbeats are due.
    await world.sleep(25);
    emulator.setOutage({ type });
    log(`no call gets through for ${SHORT_OUTAGE_SECONDS} s`);
    await world.sleep(SHORT_OUTAGE_SECONDS);
    emulator.clearOutage();
    await world.sleep(45);
    const staleBefore = emulator.staleness().seconds;
    log(`back; ${staleBefore} stale seconds`);

    emulator.setOutage({ type });
    log('no call gets through until after the deadline');
    for (let round = 0; round < 3; round++) {
      await world.sleep(10);
      await reporter.reportAll(names);
    }
    const lastDeadline = Math.max(...emulator.tasks().map(({ deadline }) => deadline ?? 0));
    await world.sleep(lastDeadline - nowSeconds() + 1);
    const asked = await ask(world, names, 'stale');
    log(`${names.length - asked.others.length} of ${names.length} shown as stale after the deadline`);
    await world.sleep(15);
    // A last one while what it replaces is being retried.
    await reporter.reportAll(names);
    // Whoever answers has taken in what was reported.
    await ask(world, names, 'stale');
    await world.sleep(supersededWithinSeconds(type));

    const recoveredAt = nowSeconds();
    emulator.clearOutage();
    const isFresh = () => emulator.staleness().staleTasks === 0;
    const inTime = await world.until(FRESH_WITHIN_SECONDS, isFresh, 0.2);
    const freshAfter = nowSeconds() - recoveredAt;
    const stillStale = emulator.tasks().filter(({ stale }) => stale);
    log(`${names.length - stillStale.length} fresh ${freshAfter.toFixed(1)} s after recovery`);
    const delivered = await world.allDelivered(60);
    const askedAfter = delivered ? await ask(world, names, 'fresh') : undefined;

    const outcome = await world.judge(`${TASKS} tasks, ${world.reports.length} reports`, { staleIsWanted: true });
    outcome.staleSeconds = staleBefore;
    outcome.notes.push(
      `slowest answer ${asked.seconds.toFixed(1)} s`,
      inTime ? `fresh within ${freshAfter.toFixed(1)} s` : `${stillStale.length} stale after ${FRESH_WITHIN_SECONDS} s`,
    );
    outcome.faults.push(
      ...(staleBefore > 0 ? [`${staleBefore} stale seconds in an outage of ${SHORT_OUTAGE_SECONDS} s`] : []),
      ...fault('tasks not shown as stale', asked.others),
      ...(asked.seconds > ANSWERED_WITHIN_SECONDS ? [`an answer took ${asked.seconds.toFixed(1)} s`] : []),
      ...(inTime
        ? []
        : fault(
            `not fresh ${FRESH_WITHIN_SECONDS} s after recovery`,
            stillStale.map((t) => t.migrationTaskName),
          )),
      ...fault('tasks not shown as fresh', askedAfter?.others ?? []),
      ...fault('replaced reports sent after recovery', replacedYetSent(world.reports, world.calls(), recoveredAt)),
    );
    return outcome;
  },
});
