import { inParallel } from '../../src/async/in-parallel';
import { HEARTBEAT_WORKFLOW } from '../../src/report';
import { idsOf, lateWorkflowTasks } from '../histories';
import { fault } from '../judge';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { nowSeconds, STREAM, taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 1200;
const DELIVERED_WITHIN_SECONDS = 300;

/** A programme begins: all its migrations report for the first time. */
export const burst: Scenario = {
  about: '10,000 first reports at once from 50 callers, in 20 groups: all delivered, no workflow task times out',
  inShort: true,
  alone: true,
  async run(context) {
    const { short, log } = context;
    const [tasks, callers, groups] = short ? [1200, 20, 2] : [10_000, 50, 20];
    const names = taskNames(tasks);
    const world = await World.make(context, { groups });
    const ownerOf = await world.openOwners(names);
    await world.startHubWorker();
    log(`${tasks} workflows are open, which now report`);

    const from = nowSeconds();
    await inParallel([...Array(callers).keys()], callers, async (caller) => {
      const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS, STREAM, ownerOf);
      await reporter.reportAll(
        names.filter((_, i) => i % callers === caller),
        1,
      );
    });
    const acceptedAfter = nowSeconds() - from;
    log(`all accepted after ${acceptedAfter.toFixed(1)} s`);
    await world.allDelivered(DELIVERED_WITHIN_SECONDS);
    const deliveredAfter = Math.max(...world.calls().map(({ at }) => at)) - from;

    const ids = await idsOf(world.client, `WorkflowType = '${HEARTBEAT_WORKFLOW}'`);
    const { timedOut, notBegun } = await lateWorkflowTasks(world.client, ids);
    const outcome = await world.judge(`${tasks} tasks in ${ids.length} groups, ${callers} callers`);
    outcome.notes.push(
      `all accepted after ${acceptedAfter.toFixed(1)} s, delivered after ${deliveredAfter.toFixed(1)} s`,
      `${timedOut.length} workflow tasks timed out, ${notBegun.length} waited 5 s for a worker that was busy`,
    );
    outcome.faults.push(...fault('workflow tasks timed out', timedOut));
    return outcome;
  },
};
