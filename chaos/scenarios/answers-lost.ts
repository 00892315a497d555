import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 90;
const LOST_ANSWERS = 0.3;

/** Migration Hub does what it is told, and the connection breaks before it can say so. */
export const answersLost: Scenario = {
  about: 'of 3 in 10 calls the answer is lost, 2,000 reports: retries are the same to the byte, the final states right',
  inShort: true,
  async run(context) {
    const { short, log } = context;
    const names = taskNames(short ? 40 : 100);
    const perTask = short ? 5 : 20;
    const world = await World.make(context);
    await world.startHubWorker();
    const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
    world.emulator.setFaults([
      {
        match: { operation: 'NotifyMigrationTaskState' },
        probability: LOST_ANSWERS,
        seed: 1,
        action: { type: 'apply-then-reset' },
      },
    ]);
    await Promise.all(names.map((task) => reporter.reportOften(task, perTask, 3)));
    log(`${world.reports.length} reports accepted`);
    await world.allDelivered(60);
    // What arrived without an answer is still being repeated.
    await world.sleep(20);
    const calls = world.calls();
    const repeated = calls.length - new Set(calls.map(({ text }) => text)).size;
    const outcome = await world.judge(`${names.length} tasks, ${world.reports.length} reports`);
    outcome.notes.push(`${calls.length} calls, ${repeated} of them repeated to the byte`);
    if (repeated === 0) outcome.faults.push('no call was repeated to the byte');
    return outcome;
  },
};
