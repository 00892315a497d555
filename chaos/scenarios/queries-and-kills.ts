import { loseWorkflowTask } from '../../dev/lost-worker';
import { BETWEEN_STEPS, heartbeatWorkflowId, STATE_QUERY } from '../../src/task-state';
import { fault } from '../judge';
import { replayAll } from '../replays';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import type { HubWorker } from '../hub-worker';
import { STREAM, taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 120;
const TASKS = 48;
/** Some of these workflows hold many tasks, some a few. */
const GROUPS = 12;
const CACHED = 2;
const ASKED_AT_ONCE = 12;
const QUERY_MS = 15_000;
const UP_SECONDS = 10;
/** Longer than the tasks of the killed worker wait for it alone. */
const DOWN_SECONDS = 8;
const POLL_SECONDS = 3;
const LOST_EACH_TIME = 4;
const DELIVERED_WITHIN_SECONDS = 90;

/** A worker that has most workflows out of its cache is asked all the time, killed, and loses workflow tasks. */
export const queriesAndKills: Scenario = {
  about: 'a worker with 2 cached workflows, queries all the time, kills, lost workflow tasks: nothing lost, none stuck',
  inShort: true,
  async run(context) {
    const { short, log } = context;
    const kills = short ? 2 : 20;
    const perTask = short ? 5 : 40;
    const world = await World.make(context, { groups: GROUPS });
    const worker = await world.startHubWorker({ maxCachedWorkflows: CACHED });
    const names = taskNames(TASKS);
    const meanPause = (kills * (UP_SECONDS / 2 + DOWN_SECONDS + 2)) / perTask;
    const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
    const load = Promise.all(names.map((task) => reporter.reportOften(task, perTask, meanPause)));
    load.catch((error: Error) => context.fail(error));
    const questions = new Questions(world, names);
    const asking = questions.ask();
    const lostTasks = await killOften(world, worker, kills);
    log(`${kills} kills done, waiting for the last reports`);
    await load;
    await world.allDelivered(DELIVERED_WITHIN_SECONDS);
    questions.stop();
    await asking;
    const outcome = await world.judge(`${kills} kills, ${TASKS} tasks, ${world.reports.length} reports`);
    const { runs, events, failedTasks, stuck } = await replayAll(world.client);
    const { answered, betweenSteps, unanswered } = questions;
    outcome.notes.push(
      `${lostTasks} lost workflow tasks, ${stuck.length} of ${runs} runs stuck`,
      `queries: ${answered} answered, ${betweenSteps} between steps, ${unanswered} without an answer`,
      `${failedTasks} failed workflow tasks in ${events} events`,
    );
    outcome.faults.push(...fault('stuck', stuck));
    if (lostTasks === 0 || answered === 0) outcome.faults.push('no workflow task was lost, or no query answered');
    return outcome;
  },
};

/** While the worker is down, another one takes some workflow tasks and is lost with them. */
async function killOften(world: World, worker: HubWorker, kills: number): Promise<number> {
  const { random, log } = world.context;
  let lost = 0;
  for (let n = 1; n <= kills; n++) {
    await world.sleep(UP_SECONDS * random());
    await worker.kill();
    const upAt = Date.now() + DOWN_SECONDS * 1000;
    for (let taken = 0; taken < LOST_EACH_TIME && Date.now() < upAt;) {
      const task = await loseWorkflowTask(world.client.connection, 'default', POLL_SECONDS * 1000).catch(
        () => undefined,
      );
      if (task) taken++;
      lost += task ? 1 : 0;
    }
    await worker.start();
    if (n % 5 === 0) log(`${n} kills, ${lost} lost workflow tasks, ${world.reports.length} reports accepted`);
  }
  return lost;
}

/** Queries of all workflows, by random, as any Temporal client asks. */
class Questions {
  answered = 0;
  betweenSteps = 0;
  unanswered = 0;
  private stopped = false;
  private readonly workflowIds: string[];

  constructor(
    private readonly world: World,
    names: string[],
  ) {
    const idOf = (task: string) =>
      heartbeatWorkflowId({ progressUpdateStream: STREAM, migrationTaskName: task }, world.groups);
    this.workflowIds = [...new Set(names.map(idOf))];
  }

  async ask(): Promise<void> {
    await Promise.all(Array.from({ length: ASKED_AT_ONCE }, () => this.askOneByOne()));
  }

  stop(): void {
    this.stopped = true;
  }

  private async askOneByOne(): Promise<void> {
    const { client, context } = this.world;
    while (!this.stopped && !context.signal.aborted) {
      const workflowId = this.workflowIds[Math.floor(context.random() * this.workflowIds.length)] ?? '';
      await client
        .withDeadline(Date.now() + QUERY_MS, () => client.workflow.getHandle(workflowId).query(STATE_QUERY, null, null))
        .then(
          () => this.answered++,
          (error: Error) => (error.message.includes(BETWEEN_STEPS) ? this.betweenSteps++ : this.unanswered++),
        );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
