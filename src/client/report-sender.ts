import type { Client } from '@temporalio/client';
import {
  ATTACH_SIGNAL,
  HEARTBEAT_WORKFLOW,
  heartbeatSummary,
  InvalidReportError,
  REPORT_SIGNAL,
  streamWorkflowId,
  TASK_QUEUE,
  type AttachmentChange,
  type TaskIdentity,
  type TaskReport,
} from '../report';
import type { HeartbeatSettings } from '../task-state';
import type { GroupRoutes } from './group-routes';
import { whyOf } from './heartbeat-workflows';

/** Heartbeat workflows remembered as started; beyond it none is. */
const MAX_REMEMBERED = 20_000;

/** gRPC's INVALID_ARGUMENT: what a Temporal server refuses so it refuses for ever. */
const INVALID_ARGUMENT = 3;

/** Sends checked reports to their heartbeat workflows. */
export class ReportSender {
  private readonly started = new Set<string>();

  constructor(
    private readonly routes: GroupRoutes,
    /** What is absent is as the worker has it that sends the first notification. */
    private readonly settings: Partial<HeartbeatSettings>,
  ) {}

  /**
   * Resolves when the task's heartbeat workflow has the report, with the id of that workflow.
   * @throws InvalidReportError where the Temporal server will never take it; another error where it may pass
   */
  async send(client: Client, report: TaskReport): Promise<string> {
    // One workflow under two names would be two owners.
    if (report.owner?.namespace === client.options.namespace) delete report.owner?.namespace;
    return this.route(client, report, (workflowId) => this.sendTo(workflowId, client, report));
  }

  /**
   * The same for a change of an attachment. A heartbeat workflow that has ended is started again: it registers the task, and reports
   * nothing. @throws as `send`
   */
  attach(client: Client, change: AttachmentChange): Promise<string> {
    return this.route(client, change, (workflowId) =>
      this.signal(workflowId, client, change, { signal: ATTACH_SIGNAL, signalArgs: [change] }),
    );
  }

  private async route(
    client: Client,
    task: TaskIdentity,
    sendTo: (workflowId: string) => Promise<void>,
  ): Promise<string> {
    let workflowId = streamWorkflowId(task.progressUpdateStream);
    try {
      workflowId = await this.routes.workflowIdOf(client, task);
      await sendTo(workflowId);
      return workflowId;
    } catch (error) {
      const why = whyOf(error);
      const isOfId = (error as { cause?: { code?: number } }).cause?.code === INVALID_ARGUMENT && /length/i.test(why);
      // Temporal also answers so where a run has too many signals, which passes.
      if (!isOfId) throw error;
      const id = `its workflow ${workflowId} (${Buffer.byteLength(workflowId)} bytes; the server's limit.maxIDLength must be no less, 255 is enough for every task)`;
      throw new InvalidReportError('migrationTaskName', task.migrationTaskName, `Temporal refuses ${id}: ${why}`);
    }
  }

  private async sendTo(workflowId: string, client: Client, report: TaskReport): Promise<void> {
    // A new one takes its first report as its input: one event, and one billable action, less than start and signal.
    if (this.started.has(workflowId) || !(await this.start(client, workflowId, report)))
      await this.signal(workflowId, client, report, { signal: REPORT_SIGNAL, signalArgs: [report] });
    if (this.started.size >= MAX_REMEMBERED) this.started.clear();
    this.started.add(workflowId);
  }

  private async signal(
    workflowId: string,
    client: Client,
    task: TaskIdentity,
    signal: { signal: string; signalArgs: [object] },
  ): Promise<void> {
    await client.workflow.signalWithStart(HEARTBEAT_WORKFLOW, {
      workflowId,
      taskQueue: TASK_QUEUE,
      staticSummary: heartbeatSummary(workflowId, task),
      args: [{ settings: this.settings }],
      ...signal,
    });
  }

  /** False where there is an open one. */
  private async start(client: Client, workflowId: string, report: TaskReport): Promise<boolean> {
    try {
      const args = [{ settings: this.settings, report }];
      const staticSummary = heartbeatSummary(workflowId, report);
      await client.workflow.start(HEARTBEAT_WORKFLOW, { workflowId, taskQueue: TASK_QUEUE, staticSummary, args });
      return true;
    } catch (error) {
      if ((error as Error).name === 'WorkflowExecutionAlreadyStartedError') return false;
      throw error;
    }
  }
}
