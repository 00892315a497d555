import type { Client } from '@temporalio/client';
import { HEARTBEAT_WORKFLOW, REPORT_SIGNAL, TASK_QUEUE, type TaskReport } from '../report';
import type { HeartbeatSettings } from '../task-state';
import type { GroupRoutes } from './group-routes';

/** Heartbeat workflows remembered as started; beyond it none is. */
const MAX_REMEMBERED = 20_000;

/** Sends checked reports to their heartbeat workflows. */
export class ReportSender {
  private readonly started = new Set<string>();

  constructor(
    private readonly routes: GroupRoutes,
    private readonly settings: HeartbeatSettings,
  ) {}

  /** Resolves when the task's heartbeat workflow has the report. */
  async send(client: Client, report: TaskReport): Promise<void> {
    // One workflow under two names would be two owners.
    if (report.owner?.namespace === client.options.namespace) delete report.owner?.namespace;
    const workflowId = await this.routes.workflowIdOf(client, report);
    // A new one takes its first report as its input: one event, and one billable action, less than start and signal.
    if (this.started.has(workflowId) || !(await this.start(client, workflowId, report)))
      await client.workflow.signalWithStart(HEARTBEAT_WORKFLOW, {
        workflowId,
        taskQueue: TASK_QUEUE,
        args: [{ settings: this.settings }],
        signal: REPORT_SIGNAL,
        signalArgs: [report],
      });
    if (this.started.size >= MAX_REMEMBERED) this.started.clear();
    this.started.add(workflowId);
  }

  /** False where there is an open one. */
  private async start(client: Client, workflowId: string, report: TaskReport): Promise<boolean> {
    try {
      const args = [{ settings: this.settings, report }];
      await client.workflow.start(HEARTBEAT_WORKFLOW, { workflowId, taskQueue: TASK_QUEUE, args });
      return true;
    } catch (error) {
      if ((error as Error).name === 'WorkflowExecutionAlreadyStartedError') return false;
      throw error;
    }
  }
}
