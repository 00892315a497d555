import type { MigrationHubClient } from '../../src/client/migration-hub-client';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { HEARTBEAT_WORKFLOW } from '../../src/report';
import { fault } from '../judge';
import { wrongEnds } from '../referee';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { nowSeconds, STREAM, taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 600;
/** The smallest that can be set: a few reports, and the workflow continues as new. */
const HEARTBEAT = { maxHistoryEvents: 50 };
const SINGLE_TASKS = 16;
const GROUPED_TASKS = 12;
const GROUPS = 3;
const REPORTS = 16;
const MEAN_PAUSE_SECONDS = 0.6;
/** What is sent so short before or after a run ends is sent against its end. */
const NEAR_SECONDS = 0.25;

interface Sent {
  workflowId: string;
  from: number;
  to: number;
}

/** Tasks in workflows that continue as new all the time, while everything that can be sent to them is sent. */
export const continueAsNewRaces: Scenario = {
  about:
    '1,000 reports, cancellations and completions against continue-as-new: nothing lost, one end for each ended task',
  inShort: true,
  async run(context) {
    const { short, log, signal } = context;
    const wanted = short ? 100 : 1000;
    const world = await World.make(context);
    await world.startHubWorker();
    const races = new Races(world);
    let count = 0;
    for (let wave = 1; count < wanted; wave++) {
      signal.throwIfAborted();
      await races.wave(wave);
      const before = count;
      count = await races.count();
      // A slow machine has fewer races in a wave, but some.
      if (count === before) throw new Error(`wave ${wave} had no race: ${count} of ${wanted}`);
      log(`wave ${wave}: ${count} races so far, in ${races.runs} runs that continued as new`);
    }
    await world.allDelivered(60, races.cancelled);
    // Whatever would still follow an end must be seen.
    await world.sleep(5);
    const { cancelled, completed } = races;
    const outcome = await world.judge(`${count} races, ${world.reports.length} reports`, { cancelled });
    const ended = new Set([...cancelled, ...completed]);
    const ends = wrongEnds(world.calls(), ended);
    outcome.notes.push(
      `${races.runs} times continued as new`,
      `${completed.size} tasks completed, ${cancelled.size} cancelled, ${ends.length} without exactly one end`,
    );
    outcome.faults.push(...fault('wrong ends', ends));
    return outcome;
  },
};

class Races {
  readonly cancelled = new Set<string>();
  readonly completed = new Set<string>();
  runs = 0;
  private readonly sent: Sent[] = [];

  constructor(private readonly world: World) {}

  /** New tasks: some with a workflow each, some in groups. Of both some are completed, some cancelled, and some stay. */
  async wave(wave: number): Promise<void> {
    const stream = `${STREAM}-${wave}`;
    const single = taskNames(SINGLE_TASKS, `wave ${wave} single`).map((task, i) =>
      this.live(task, `${stream}s`, 0, i % 3),
    );
    const grouped = taskNames(GROUPED_TASKS, `wave ${wave} grouped`).map((task, i) =>
      this.live(task, `${stream}g`, GROUPS, i % 2),
    );
    await Promise.all([...single, ...grouped, this.cancelGroup(`${stream}g`)]);
  }

  /** Reports of one task; then 0: it stays, 1: it is completed, 2: its workflow is cancelled. */
  private async live(task: string, stream: string, groups: number, end: number): Promise<void> {
    const { world } = this;
    const workflowId = heartbeatWorkflowId({ progressUpdateStream: stream, migrationTaskName: task }, groups);
    const hub: MigrationHubClient = world.hubClient(HEARTBEAT, groups);
    const reporter = new Reporter(world, hub, NEXT_UPDATE_SECONDS, stream);
    // Beyond its end: what is reported then must change nothing.
    const endAt = Math.floor(REPORTS * (0.5 + world.context.random() / 2));
    for (let i = 0; i < REPORTS; i++) {
      await world.sleep(2 * MEAN_PAUSE_SECONDS * world.context.random());
      if (i === endAt && end === 2) await this.cancel(workflowId, [task]);
      const isEnd = i === endAt && end === 1;
      if (isEnd) this.completed.add(task);
      await this.timed(workflowId, () => reporter.report(task, isEnd ? 'COMPLETED' : 'IN_PROGRESS'));
    }
  }

  /** Cancels one group with all its tasks, at some moment of the wave. */
  private async cancelGroup(stream: string): Promise<void> {
    const { world } = this;
    const [, wave] = /-(\d+)g$/.exec(stream) ?? [];
    const idOf = (task: string) =>
      heartbeatWorkflowId({ progressUpdateStream: stream, migrationTaskName: task }, GROUPS);
    const names = taskNames(GROUPED_TASKS, `wave ${wave} grouped`);
    const workflowId = idOf(names[0] ?? '');
    await world.sleep(REPORTS * MEAN_PAUSE_SECONDS * (0.5 + world.context.random() / 2));
    await this.cancel(
      workflowId,
      names.filter((task) => idOf(task) === workflowId),
    );
  }

  private async cancel(workflowId: string, tasks: string[]): Promise<void> {
    for (const task of tasks) this.cancelled.add(task);
    await this.timed(workflowId, () => this.world.client.workflow.getHandle(workflowId).cancel());
  }

  private async timed(workflowId: string, send: () => Promise<unknown>): Promise<void> {
    const from = nowSeconds();
    await send();
    this.sent.push({ workflowId, from, to: nowSeconds() });
  }

  /** How much was sent against the end of a run that continued as new. */
  async count(): Promise<number> {
    const ends = new Map<string, number[]>();
    const query = `WorkflowType = '${HEARTBEAT_WORKFLOW}' AND ExecutionStatus = 'ContinuedAsNew'`;
    this.runs = 0;
    for await (const { workflowId, closeTime } of this.world.client.workflow.list({ query })) {
      this.runs++;
      ends.set(workflowId, [...(ends.get(workflowId) ?? []), (closeTime?.getTime() ?? 0) / 1000]);
    }
    return this.sent.filter(({ workflowId, from, to }) =>
      ends.get(workflowId)?.some((end) => from - NEAR_SECONDS <= end && end <= to + NEAR_SECONDS),
    ).length;
  }
}
