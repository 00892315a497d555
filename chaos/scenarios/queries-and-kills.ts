import { loseWorkflowTask } from '../../dev/lost-worker';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { BETWEEN_STEPS, STATE_QUERY } from '../../src/report';
import { fault } from '../judge';
import { replayAll } from '../replays';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import type { HubWorker } from '../hub-worker';
import { STREAM, taskNames, World } from '../world';

/** A workflow that loses a workflow task each time stands still over several kills. */
const NEXT_UPDATE_SECONDS = 300;
const TASKS = 48;
/** Some of these workflows hold many tasks, some a few. */
const GROUPS = 12;
/** Fewer than there are workflows, but enough that a run may stay until the lost workflow task comes again. */
const CACHED = 8;
const ASKED_AT_ONCE = 8;
const QUERY_MS = 15_000;
const SHORTEST_UP_SECONDS = 4;
const UP_SECONDS = 8;
/** Longer than the tasks of the killed worker wait for it alone. */
const DOWN_SECONDS = 8;
const POLL_SECONDS = 3;
/** Queries of each workflow right after a kill: some wait for the next worker while workflow tasks are lost. */
const QUERIES_AT_KILL = 4;
const LOST_EACH_TIME = 6;
const DELIVERED_WITHIN_SECONDS = 90;

/** A worker that has most workflows out of its cache is asked all the time, killed, and loses workflow tasks. */
export const queriesAndKills: Scenario = {
  about:
    'a worker with few cached workflows, asked all the time, ends or is killed, workflow tasks are lost: none stuck',
  inShort: true,
  async run(context) {
    const { short, log } = context;
    const kills = short ? 2 : 14;
    const perTask = short ? 5 : 28;
    const world = await World.make(context, { groups: GROUPS });
    const worker = await world.startHubWorker({ maxCachedWorkflows: CACHED });
    const names = taskNames(TASKS);
    const meanPause = (kills * (SHORTEST_UP_SECONDS + UP_SECONDS / 2 + DOWN_SECONDS + 2)) / perTask;
    const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
    const load = Promise.all(names.map((task) => reporter.reportOften(task, perTask, meanPause)));
    load.catch((error: Error) => context.fail(error));
    const questions = new Questions(world, names);
    const asking = questions.ask();
    const lostTasks = await killOften(world, worker, kills, () => questions.askAll(QUERIES_AT_KILL));
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
async function killOften(world: World, worker: HubWorker, kills: number, killed: () => void): Promise<number> {
  const { random, log } = world.context;
  let lost = 0;
  for (let n = 1; n <= kills; n++) {
    await world.sleep(SHORTEST_UP_SECONDS + UP_SECONDS * random());
    // One that shuts down gives its workflows back at once, one that is killed after a while.
    await (n % 2 === 0 ? worker.kill() : worker.stop());
    killed();
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

  /** Asks each workflow `times` times at once, and does not wait for answers. */
  askAll(times: number): void {
    for (const workflowId of this.workflowIds) for (let n = 0; n < times; n++) void this.askOne(workflowId);
  }

  private async askOneByOne(): Promise<void> {
    const { context } = this.world;
    while (!this.stopped && !context.signal.aborted) {
      await this.askOne(this.workflowIds[Math.floor(context.random() * this.workflowIds.length)] ?? '');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async askOne(workflowId: string): Promise<void> {
    const { client } = this.world;
    const handle = client.workflow.getHandle(workflowId);
    await client
      .withDeadline(Date.now() + QUERY_MS, () => handle.query(STATE_QUERY, null, null))
      .then(
        () => this.answered++,
        (error: Error) => (error.message.includes(BETWEEN_STEPS) ? this.betweenSteps++ : this.unanswered++),
      );
  }
}
