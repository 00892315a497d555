import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { inParallel } from './in-parallel';
import { checkNumber } from '../report/configuration-error';
import { askHolder, lastFailureOf, signalReport, workflowIdOf } from './heartbeat-workflows';
import { serverSaid, StateReader, type Reading, type ReportedState } from './state-reader';
import { groupsOf, heartbeatSettings, type GroupsOption, type HeartbeatOptions, type ReportSettings } from './settings';
import { HEARTBEAT_WORKFLOW, TASK_QUEUE, validateReport, type TaskIdentity, type TaskReport } from '../report';
import { deliveryOf, type TaskStateView } from '../task-state';

export interface MigrationHubClientOptions {
  /** A Temporal client of the namespace in which the Migration Hub workers run. */
  client: Client;
  /** As set for the workers: how many groups the tasks of a stream share. Default: every task is a group of one. */
  groups?: GroupsOption;
  heartbeat?: HeartbeatOptions;
}

/** Heartbeat workflows asked at once. */
const ASKED_AT_ONCE = 10;

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

  /**
   * What was last reported of a task, and until when it holds, judged now; null for a task nobody reported.
   * Needs no worker: where none answers within 5 s, the workflow's history does, and `source` says so.
   */
  async lastReportedState(progressUpdateStream: string, migrationTaskName: string): Promise<ReportedState | null> {
    return viewOf(await this.read({ progressUpdateStream, migrationTaskName }));
  }

  /** The same of every task of a stream, open or ended within the namespace's retention. */
  async lastReportedStates(progressUpdateStream: string): Promise<ReportedState[]> {
    const { client } = this.options;
    const ids = new Set<string>();
    for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = '${HEARTBEAT_WORKFLOW}'` }))
      if (workflowId.startsWith(`mgh:${progressUpdateStream}:`)) ids.add(workflowId);
    const reader = new StateReader(client);
    const answers = await inParallel([...ids], ASKED_AT_ONCE, async (id) => {
      const { answer, source } = await reader.read<TaskStateView[]>(id, null, Date.now() / 1000);
      return answer.map((view) => ({ ...view, source }));
    });
    const views = answers.flat();
    const told = new Set(views.filter((view) => !view.heldBy).map((view) => view.migrationTaskName));
    // A task that was handed over is told of by who speaks for it now.
    return views.filter((view) => !view.heldBy || !told.has(view.migrationTaskName));
  }

  /**
   * Waits until Migration Hub has a report, or something newer of the same reporter.
   * `timeoutSeconds`: 0 to 31536000, default 300.
   * @throws ConfigurationError for a time out of range; ReportRefusedError when it came after a terminal state; DeliveryTimeoutError after `timeoutSeconds`.
   */
  async waitForDelivery(report: HandedOver, { timeoutSeconds = 300 } = {}): Promise<ReportedState> {
    checkNumber('timeoutSeconds', timeoutSeconds, { min: 0, max: 365 * 86_400 });
    const end = Date.now() + timeoutSeconds * 1000;
    for (let pause = 250; ; pause = Math.min(pause * 1.5, 5000)) {
      const { view, unanswered } = await this.ask(report, end);
      const { outcome, reason } = deliveryOf(view, report);
      if (view && outcome === 'delivered') return view;
      if (outcome === 'refused') throw new ReportRefusedError(reason);
      if (Date.now() + pause > end) {
        const why = (unanswered ?? '') + lastFailureOf(view);
        throw new DeliveryTimeoutError(
          `${report.migrationTaskName} was not delivered within ${timeoutSeconds} s${why}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** The task's state, and why no worker told it before `end` (epoch milliseconds). */
  private async ask(report: HandedOver, end: number): Promise<{ view: ReportedState | null; unanswered?: string }> {
    const nobody = (said: string) => `; nobody answered: does a worker serve the task queue ${TASK_QUEUE}? (${said})`;
    try {
      const reading = await this.options.client.withDeadline(end, () => this.read(report, end));
      const { unanswered } = reading ?? {};
      return { view: viewOf(reading), unanswered: unanswered === undefined ? undefined : nobody(unanswered) };
    } catch (error) {
      return { view: null, unanswered: nobody(serverSaid(error) ?? (error as Error).message) };
    }
  }

  private async read(task: TaskIdentity, end?: number): Promise<Reading<TaskStateView | null> | null> {
    const { client, groups } = this.options;
    const reader = new StateReader(client, end);
    try {
      return await askHolder(
        workflowIdOf(task, groupsOf(groups)),
        (id) => reader.read<TaskStateView | null>(id, task.migrationTaskName, Date.now() / 1000),
        ({ answer }) => answer,
      );
    } catch (error) {
      if ((error as Error).name === 'WorkflowNotFoundError') return null;
      throw error;
    }
  }

  private settings(): ReportSettings {
    return { heartbeat: heartbeatSettings(this.options.heartbeat), groupsOf: groupsOf(this.options.groups) };
  }
}

const viewOf = (reading: Reading<TaskStateView | null> | null): ReportedState | null =>
  reading?.answer ? { ...reading.answer, source: reading.source } : null;
