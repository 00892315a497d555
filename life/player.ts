import type { Client, WorkflowHandle } from '@temporalio/client';
import type { MigrationHubClient } from '../src/client/migration-hub-client';
import type { World } from '../chaos/world';
import { expectedOf } from './model';
import type { Attempt, Programme } from './programme';
import { taskOf } from './referee';
import type { LifeInput } from './workflows';

export const NEXT_UPDATE_SECONDS = 60;
/** Their code is mended while the programmes run. */
export const BUGS_QUEUE = 'life-bugs';
export const LIFE_QUEUE = 'life';
/** What must come within some seconds may take so long on a loaded machine. */
const PATIENCE_SECONDS = 200;

type Task = Programme['tasks'][number];

/** Plays a programme: what its workflows, its operator and its clients do from outside. */
export class Player {
  private readonly hub: MigrationHubClient;
  private readonly client: Client;

  constructor(
    private readonly world: World,
    private readonly programme: Programme,
  ) {
    this.client = world.client;
    this.hub = world.hubClient(undefined, programme.groups);
  }

  async play(): Promise<void> {
    const [first, ...others] = this.programme.tasks as [Task, ...Task[]];
    await this.playTask(first);
    await Promise.all(others.map((task) => this.playTask(task)));
  }

  private async playTask(task: Task): Promise<void> {
    let workflowId = `${this.programme.stream}/${task.name}`;
    for (const [i, attempt] of task.attempts.entries()) {
      if (attempt.start === 'new id') workflowId = `${this.programme.stream}/${task.name}/${i}`;
      const before = expectedOf(task.attempts.slice(0, i));
      if (attempt.by === 'client') await this.reportAll(task, attempt, before.status !== 'IN_PROGRESS');
      else await this.runWorkflow(task, attempt, workflowId);
      // An attempt that begins before it is known that the owner of this one is gone goes on with it.
      if (isEndOfOwner(attempt)) await this.shows(task, 'FAILED');
    }
  }

  /** A client that is no workflow, such as an operator's script. */
  private async reportAll({ name }: Task, { reports, end }: Attempt, isOver: boolean): Promise<void> {
    const report = (status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED', progressPercent?: number, reopen = false) =>
      this.again(() =>
        this.hub.report({
          progressUpdateStream: this.programme.stream,
          migrationTaskName: name,
          nextUpdateSeconds: NEXT_UPDATE_SECONDS,
          status,
          progressPercent,
          reopen,
        }),
      );
    for (const [i, { pause, percent }] of reports.entries()) {
      await this.world.sleep(pause);
      await report('IN_PROGRESS', percent, isOver && i === 0);
    }
    if (end === 'complete') await report('COMPLETED', 100);
    if (end === 'fail') await report('FAILED');
  }

  private async runWorkflow(task: Task, attempt: Attempt, workflowId: string): Promise<void> {
    const handle =
      attempt.start === 'reset' ? await this.reset(workflowId) : await this.start(task.name, attempt, workflowId);
    const { end } = attempt;
    const isCancelled = end === 'cancel' || end === 'cron';
    if (isCancelled || end === 'terminate' || end === 'open')
      await this.again(() => handle.query<boolean>('hasReported'));
    if (end === 'open') return;
    if (isEndOfOwner(attempt)) await this.shows(task, 'IN_PROGRESS');
    if (isCancelled) await this.again(() => handle.cancel());
    if (end === 'terminate') await this.again(() => handle.terminate('by the operator'));
    const status = await this.ended(handle);
    // Also where it waited for its delivery.
    if (expectedOf([attempt]).status === 'COMPLETED' && status !== 'COMPLETED')
      throw new Error(`${workflowId} is ${status}, not COMPLETED`);
  }

  private async start(task: string, attempt: Attempt, workflowId: string): Promise<WorkflowHandle> {
    const { stream } = this.programme;
    const input: LifeInput = { stream, task, nextUpdateSeconds: NEXT_UPDATE_SECONDS, attempt };
    return this.again(() =>
      this.client.workflow.start('life', {
        workflowId,
        taskQueue: attempt.end === 'bug' ? BUGS_QUEUE : LIFE_QUEUE,
        args: [input],
        // The answer of a call before may be lost.
        workflowIdConflictPolicy: 'USE_EXISTING',
        ...(attempt.end === 'retry' && { retry: { maximumAttempts: 2, initialInterval: '1s' } }),
        ...(attempt.end === 'cron' && { cronSchedule: '@every 1s' }),
      }),
    );
  }

  /** Back to the first workflow task of its latest run. */
  private async reset(workflowId: string): Promise<WorkflowHandle> {
    const { workflow, workflowService } = this.client;
    const { runId } = await this.again(() => workflow.getHandle(workflowId).describe());
    const { events } = await this.again(() => workflow.getHandle(workflowId, runId).fetchHistory());
    const workflowTaskFinishEventId = events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
    await this.again(() =>
      workflowService.resetWorkflowExecution({
        namespace: 'default',
        workflowExecution: { workflowId, runId },
        workflowTaskFinishEventId,
        requestId: `reset ${runId}`,
        reason: 'life',
      }),
    );
    return workflow.getHandle(workflowId);
  }

  /** Resolves when it has ended, with how it did. */
  private async ended({ workflowId }: WorkflowHandle): Promise<string> {
    let status = '';
    const isOver = async () => {
      status = (await this.again(() => this.client.workflow.getHandle(workflowId).describe())).status.name;
      return status !== 'RUNNING';
    };
    if (!(await this.world.until(PATIENCE_SECONDS, isOver, 1))) throw new Error(`${workflowId} has not ended`);
    return status;
  }

  /** A sentence for each task of which the package says another state than Migration Hub has. */
  async misread(): Promise<string[]> {
    const { seed, stream, tasks } = this.programme;
    const read = tasks.map(async ({ name }) => {
      const shown = taskOf(this.world.emulator, name);
      const has = `${shown?.status} ${shown?.progressPercent} %`;
      const says = await this.again(() => this.hub.lastReportedState(stream, name)).then(
        (state) => `${state?.lastDelivered?.status} ${state?.lastDelivered?.progressPercent} %`,
        (error: Error) => `nothing: ${error.message}`,
      );
      return says === has ? [] : [`seed ${seed}: ${name} is said to be ${says}, but is ${has}`];
    });
    return (await Promise.all(read)).flat();
  }

  private async shows({ name }: Task, status: string): Promise<void> {
    const isShown = () => taskOf(this.world.emulator, name)?.status === status;
    if (!(await this.world.until(PATIENCE_SECONDS, isShown, 1))) throw new Error(`${name} never was ${status}`);
  }

  /** The Temporal server may be down, or a worker: all that is asked is asked until it is answered. */
  private async again<T>(call: () => Promise<T>): Promise<T> {
    let last: unknown;
    for (const end = Date.now() + PATIENCE_SECONDS * 1000; Date.now() < end; await this.world.sleep(1)) {
      try {
        return await call();
      } catch (error) {
        last = error;
        if (/InvalidReport|Configuration/.test((error as Error).name)) break;
      }
    }
    throw last;
  }
}

/** It ends without a report of its end. */
const isEndOfOwner = ({ by, end }: Attempt): boolean =>
  end === 'terminate' || (by === 'activity' && (end === 'cancel' || end === 'cron'));
