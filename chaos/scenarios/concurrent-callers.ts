import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 90;
const CALLERS = 20;
const TASKS = 10;

/** Every caller reports about every task, as fast as it can. */
export const concurrentCallers: Scenario = {
  about:
    '20 clients at once give 5,000 reports about 10 tasks: each task has one order, which keeps that of each client',
  inShort: true,
  async run(context) {
    const { short, random, log } = context;
    const perCaller = short ? 25 : 250;
    const world = await World.make(context);
    await world.startHubWorker();
    const names = taskNames(TASKS);
    await Promise.all(
      Array.from({ length: CALLERS }, async () => {
        const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
        for (let i = 0; i < perCaller; i++) await reporter.report(names[Math.floor(random() * TASKS)] ?? '');
      }),
    );
    log(`${world.reports.length} reports accepted`);
    await world.allDelivered(60);
    const outcome = await world.judge(`${CALLERS} clients, ${TASKS} tasks, ${world.reports.length} reports`);
    outcome.notes.push(`${world.calls().length} calls`);
    return outcome;
  },
};
