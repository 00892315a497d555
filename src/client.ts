import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { checkNumber } from './configuration-error';
import { lastFailureOf, queryTask, queryTasks, signalReport } from './heartbeat-client';
import { groupsOf, heartbeatSettings, type GroupsOption, type HeartbeatOptions, type ReportSettings } from './settings';
import {
  deliveryOf,
  HEARTBEAT_WORKFLOW,
  TASK_QUEUE,
  validateReport,
  type TaskReport,
  type TaskStateView,
} from './task-state';

export interface MigrationHubClientOptions {
  /** A Temporal client of the namespace in which the Migration Hub workers run. */
  client: Client;
  /** As set for the workers: how many groups the tasks of a stream share. Default: every task is a group of one. */
  groups?: GroupsOption;
  heartbeat?: HeartbeatOptions;
}

/** Migration Hub did not get a report in the time given. */
export class DeliveryTimeoutError extends Error {
  override readonly name = 'DeliveryTimeoutError';
}
/** A report came after the task's terminal state. */
export class ReportRefusedError extends Error {
  override readonly name = 'ReportRefusedError';
}

/** A report that was handed over; what `waitForDelivery` takes. */
export interface HandedOver {
  progressUpdateStream: string;
  migrationTaskName: string;
  ownerId: string;
  sequence: number;
}

/** Reports and asks from outside of workflows. */
export class MigrationHubClient {
  private readonly ownerId = `client:${randomUUID()}`;
  private sequence = 0;

  constructor(private readonly options: MigrationHubClientOptions) {}

  /** Hands a report over to the task's heartbeat workflow. @throws InvalidReportError before anything is sent. */
  async report(report: TaskReport): Promise<HandedOver> {
    const settings = this.settings();
    const checked = validateReport(
      {
        ...report,
        owner: report.owner ?? { ownerId: this.ownerId, sequence: ++this.sequence },
      },
      { heartbeatFraction: settings.heartbeat.heartbeatFraction },
    );
    const { progressUpdateStream, migrationTaskName } = checked;
    await signalReport(this.options.client.workflow, checked, settings);
    const owner = checked.owner as NonNullable<TaskReport['owner']>;
    return { progressUpdateStream, migrationTaskName, ownerId: owner.ownerId, sequence: owner.sequence };
  }

  /** What was last reported of a task, and until when it holds, judged now; null for a task nobody reported. */
  async lastReportedState(progressUpdateStream: string, migrationTaskName: string): Promise<TaskStateView | null> {
    const { client, groups } = this.options;
    const task = { progressUpdateStream, migrationTaskName };
    try {
      return await queryTask(client.workflow, task, groupsOf(groups), Date.now() / 1000);
    } catch (error) {
      if ((error as Error).name === 'WorkflowNotFoundError') return null;
      throw error;
    }
  }

  /** The same of every task of a stream, open or ended within the namespace's retention. */
  async lastReportedStates(progressUpdateStream: string): Promise<TaskStateView[]> {
    const { client } = this.options;
    const ids = new Set<string>();
    for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = '${HEARTBEAT_WORKFLOW}'` }))
      if (workflowId.startsWith(`mgh:${progressUpdateStream}:`)) ids.add(workflowId);
    const views: TaskStateView[] = [];
    for (const id of ids) {
      try {
        views.push(...(await queryTasks(client.workflow, id, Date.now() / 1000)));
      } catch (error) {
        // One that was ended before its first step took no report.
        if (!/before WorkflowTaskStarted/.test(serverSaid(error) ?? '')) throw error;
      }
    }
    return views;
  }

  /**
   * Waits until Migration Hub has a report, or something newer of the same reporter.
   * `timeoutSeconds`: 0 to 31536000, default 300.
   * @throws ConfigurationError for a time out of range; ReportRefusedError when it came after a terminal state; DeliveryTimeoutError after `timeoutSeconds`.
   */
  async waitForDelivery(report: HandedOver, { timeoutSeconds = 300 } = {}): Promise<TaskStateView> {
    checkNumber('timeoutSeconds', timeoutSeconds, { min: 0, max: 365 * 86_400 });
    const end = Date.now() + timeoutSeconds * 1000;
    for (let pause = 250; ; pause = Math.min(pause * 1.5, 5000)) {
      const { view, unanswered } = await this.ask(report, end);
      const { outcome, reason } = deliveryOf(view, report);
      if (view && outcome === 'delivered') return view;
      if (outcome === 'refused') throw new ReportRefusedError(reason);
      if (Date.now() + pause > end) {
        const why = unanswered ?? lastFailureOf(view);
        throw new DeliveryTimeoutError(
          `${report.migrationTaskName} was not delivered within ${timeoutSeconds} s${why}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** The task's state, or why nobody told it before `end` (epoch milliseconds). */
  private async ask(report: HandedOver, end: number): Promise<{ view: TaskStateView | null; unanswered?: string }> {
    const ask = () => this.lastReportedState(report.progressUpdateStream, report.migrationTaskName);
    try {
      return { view: await this.options.client.withDeadline(end, ask) };
    } catch (error) {
      const said = serverSaid(error);
      if (said === undefined) throw error;
      const unanswered = `; nobody answered: does a worker serve the task queue ${TASK_QUEUE}? (${said})`;
      return { view: null, unanswered };
    }
  }

  private settings(): ReportSettings {
    return { heartbeat: heartbeatSettings(this.options.heartbeat), groupsOf: groupsOf(this.options.groups) };
  }
}

/** What the Temporal server, or the way to it, said; undefined for an error of another kind. */
function serverSaid(error: unknown): string | undefined {
  const { code, message } = ((error as Error).cause ?? {}) as { code?: unknown; message?: string };
  return typeof code === 'number' ? message : undefined;
}
