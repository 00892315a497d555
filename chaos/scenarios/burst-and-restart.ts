import { HEARTBEAT_WORKFLOW } from '../../src/report';
import { judgeRestart, nextUpdateSeconds, restart } from '../all-workers';
import { idsOf, lateWorkflowTasks } from '../histories';
import { fault } from '../judge';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { nowSeconds, STREAM, taskNames, World } from '../world';

const DELIVERED_WITHIN_SECONDS = 300;
/** Until the second worker has its share of the groups. */
const BOTH_WORK_SECONDS = 20;

/** One report of each task, each reporter with its own share of them, all at once. */
const reportAll = (reporters: Reporter[], names: string[]): Promise<unknown> => {
  const shareOf = (caller: number) => names.filter((_, i) => i % reporters.length === caller);
  return Promise.all(reporters.map((reporter, caller) => reporter.reportAll(shareOf(caller), 1)));
};

/** A programme begins: all its migrations report for the first time. */
async function reportFirst(world: World, reporters: Reporter[], names: string[]) {
  const from = nowSeconds();
  await reportAll(reporters, names);
  const accepted = `all accepted after ${(nowSeconds() - from).toFixed(1)} s`;
  if (!(await world.allDelivered(DELIVERED_WITHIN_SECONDS)))
    throw new Error(`not all were delivered within ${DELIVERED_WITHIN_SECONDS} s`);
  const delivered = `delivered after ${(nowSeconds() - from).toFixed(1)} s`;
  world.context.log(`${accepted}, ${delivered}`);
  const ids = await idsOf(world.client, `WorkflowType = '${HEARTBEAT_WORKFLOW}'`);
  const { timedOut, notBegun } = await lateWorkflowTasks(world.client, ids);
  const waited = `${timedOut.length} workflow tasks timed out, ${notBegun.length} waited 5 s for a worker that was busy`;
  return { notes: [`${accepted}, ${delivered}`, waited], faults: fault('workflow tasks timed out', timedOut) };
}

/** Then each group has all its tasks to take up again from what it was started with and its history since. */
export const burstAndRestart: Scenario = {
  about:
    '10,000 first reports at once from 50 callers, in 20 groups, to one worker: all delivered, no workflow task times out; then two workers are killed at once: all beat again within 60 s',
  inShort: true,
  alone: true,
  async run(context) {
    const [tasks, callers, groups] = context.short ? [1200, 20, 2] : [10_000, 50, 20];
    const names = taskNames(tasks);
    const world = await World.make(context, { groups });
    const ownerOf = await world.openOwners(names);
    const worker = await world.startHubWorker();
    context.log(`${tasks} workflows are open, which now report`);
    const seconds = nextUpdateSeconds(context.short);
    const reporters = Array.from(
      { length: callers },
      () => new Reporter(world, world.hubClient(), seconds, STREAM, ownerOf),
    );
    const burst = await reportFirst(world, reporters, names);
    const workers = [worker, await world.startHubWorker()];
    await world.sleep(context.short ? 5 : BOTH_WORK_SECONDS);
    const someAgain = () => reportAll(reporters, names.slice(0, tasks / 20));
    const restartedAt = await restart(world, workers, someAgain);
    const load = `${tasks} tasks in ${groups} groups, ${callers} callers`;
    const outcome = await judgeRestart(world, load, names, restartedAt);
    outcome.notes.unshift(...burst.notes);
    outcome.faults.unshift(...burst.faults);
    return outcome;
  },
};
