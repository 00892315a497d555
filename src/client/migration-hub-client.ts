import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { TASK_QUEUE, validateReport, type TaskIdentity, type TaskReport } from '../report';
import { checkNumber } from '../report/configuration-error';
import { deliveryOf, type HeartbeatSettings, type ReportedState, type ReportKey } from '../task-state';
import { checkDeadlineAttribute } from './deadline-attribute';
import { GroupRoutes } from './group-routes';
import { isNoNamespace, lastFailureOf, listHeartbeats, whyOf } from './heartbeat-workflows';
import { inParallel } from '../async/in-parallel';
import { Remembered } from '../async/remembered';
import { ReportSender } from './report-sender';
import { groupsSetting, heartbeatSettings, type GroupsOption, type HeartbeatOptions } from './settings';
import { newestOf, StateReader, type Reading } from './state-reader';

/** What a `MigrationHubClient` needs. */
export interface MigrationHubClientOptions {
  /** A Temporal client of the namespace in which the Migration Hub workers run. */
  client: Client;
  /**
   * How many groups the tasks of a stream share, for a stream that has no tasks yet; else the stream's own number counts.
   * @default 0: every task is a group of one
   */
  groups?: GroupsOption;
  /** How heartbeats are made of heartbeat workflows that this client starts. */
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

/** A report that its heartbeat workflow has; what `waitForDelivery` takes. */
export interface AcceptedReport extends TaskIdentity, ReportKey {}

/** Reports and asks from outside of workflows. */
export class MigrationHubClient {
  private readonly ownerId = `client:${randomUUID()}`;
  private readonly heartbeat: HeartbeatSettings;
  private readonly routes: GroupRoutes;
  private readonly sender: ReportSender;
  private sequence = 0;
  private readonly checks = new Remembered<void>(Infinity);

  /** @throws ConfigurationError for a setting out of range */
  constructor(private readonly options: MigrationHubClientOptions) {
    this.heartbeat = heartbeatSettings(options.heartbeat);
    this.routes = new GroupRoutes(groupsSetting(options.groups), false);
    this.sender = new ReportSender(this.routes, this.heartbeat);
  }

  /**
   * Sends a report to the task's heartbeat workflow; resolves when that has it.
   * @throws InvalidReportError before anything is sent, or where the Temporal server will never take it; ConfigurationError where
   * `deadlineSearchAttribute` is set and the namespace lacks it
   */
  async report(report: TaskReport): Promise<AcceptedReport> {
    const { client } = this.options;
    const owner = report.owner ?? { ownerId: this.ownerId, sequence: ++this.sequence, reportedAt: Date.now() / 1000 };
    const { heartbeatFraction } = this.heartbeat;
    const onIgnored = (message: string) => process.emitWarning(message);
    const checked = validateReport({ ...report, owner }, { heartbeatFraction, onIgnored });
    const { progressUpdateStream, migrationTaskName } = checked;
    if (this.heartbeat.deadlineSearchAttribute)
      await this.checks.get('', () => checkDeadlineAttribute(client, onIgnored));
    await this.sender.send(client, checked);
    return { progressUpdateStream, migrationTaskName, ownerId: owner.ownerId, sequence: owner.sequence };
  }

  /**
   * What was last reported of a task, and until when it holds, judged now; null for a task nobody reported within the namespace's
   * retention. Needs no worker: where none answers within 5 s, or the heartbeat workflow has ended, its history is read, and `source`
   * is `history`.
   * @throws NamespaceNotFoundError of the Temporal SDK; ServiceError where the server does not answer
   */
  async lastReportedState(progressUpdateStream: string, migrationTaskName: string): Promise<ReportedState | null> {
    return (await this.read({ progressUpdateStream, migrationTaskName })).states[0] ?? null;
  }

  /** The same of every task of a stream, open or ended within the namespace's retention. */
  async lastReportedStates(progressUpdateStream: string): Promise<ReportedState[]> {
    const { client } = this.options;
    const reader = new StateReader(client);
    const heartbeats = [...(await listHeartbeats(client, progressUpdateStream))];
    const answers = await inParallel(heartbeats, ASKED_AT_ONCE, ([id, runs]) => reader.readGroup(id, runs));
    // A task that was held by an earlier number of groups and is reported anew is in two of them.
    return newestOf(answers.flat());
  }

  /**
   * Waits until Migration Hub has a report, or something newer of the same reporter.
   * `timeoutSeconds`: 0 to 31536000, default 300.
   * @throws ConfigurationError for a time out of range; NamespaceNotFoundError of the Temporal SDK; ReportRefusedError when it came after
   * a terminal state; DeliveryTimeoutError after `timeoutSeconds`.
   */
  async waitForDelivery(report: AcceptedReport, { timeoutSeconds = 300 } = {}): Promise<ReportedState> {
    checkNumber('timeoutSeconds', timeoutSeconds, { min: 0, max: 365 * 86_400 });
    const end = Date.now() + timeoutSeconds * 1000;
    const task = `${report.progressUpdateStream}/${report.migrationTaskName}`;
    for (let pause = 250; ; pause = Math.min(pause * 1.5, 5000)) {
      const { states, unanswered } = await this.ask(report, end);
      const [view = null] = states;
      const { outcome, reason } = deliveryOf(view, report);
      if (view && outcome === 'delivered') return view;
      if (outcome === 'refused') throw new ReportRefusedError(`the report of ${task} was refused: ${reason}`);
      if (Date.now() + pause > end) {
        const nobody = `; nobody answered: does a worker serve the task queue ${TASK_QUEUE}? (${unanswered})`;
        const ended = view?.freshness === 'unattended' ? '; its heartbeat workflow has ended: report it again' : '';
        const why = (unanswered === undefined ? '' : nobody) + ended + lastFailureOf(view);
        throw new DeliveryTimeoutError(`${task} was not delivered within ${timeoutSeconds} s${why}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** As `read`, until `end` (epoch milliseconds); an error that may pass is a reason why nobody answered. */
  private async ask(task: TaskIdentity, end: number): Promise<Reading> {
    try {
      return await this.options.client.withDeadline(end, () => this.read(task, end));
    } catch (error) {
      if (isNoNamespace(error)) throw error;
      return { states: [], unanswered: whyOf(error) };
    }
  }

  private async read(task: TaskIdentity, end?: number): Promise<Reading> {
    const { client } = this.options;
    const reader = new StateReader(client, end);
    return reader.readTask(await this.routes.candidates(client, task), task.migrationTaskName);
  }
}
