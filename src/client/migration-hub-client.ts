import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { bounded } from '../async/bounded';
import {
  changeOf,
  validateApplication,
  validateApplicationOptions,
  validateReport,
  type ApplicationOptions,
  type ApplicationOutcome,
  type ApplicationReport,
  type Attaching,
  type NamedAttachment,
  type TaskArtifact,
  type TaskIdentity,
  type TaskReport,
  type TaskSourceResource,
} from '../report';
import { checkNumber, ConfigurationError } from '../report/configuration-error';
import { checkOptionNames } from '../report/option-names';
import type { HeartbeatSettings, ReportedState } from '../task-state';
import { askForState } from './application-states';
import { callsWithin, SEND_MS } from './calls-within';
import { checkDeadlineAttribute } from './deadline-attribute';
import { waitForDelivery, type AcceptedReport, type DeliveryWaitOptions } from './delivery';
import { GroupRoutes } from './group-routes';
import { readTaskHistory } from './history/task-history';
import type { TaskEvent } from './history/task-timeline';
import { checkReopened, reopening, type ReopenedTask } from './reopen';
import { Remembered } from '../async/remembered';
import { ReportSender } from './report-sender';
import { checkSdk } from './sdk-version';
import { groupsSetting, heartbeatSettings, type GroupsOption, type HeartbeatOptions } from './settings';
import { rememberLabels, StateReader, type Reading, type ReaderOptions } from './state-reader';
import {
  checkFilter,
  checkListOptions,
  checkTask,
  checkWatched,
  isMatch,
  type TaskFilter,
  type WatchedTasks,
} from './task-filter';
import { heartbeatsByStream, listTasks, looksAt, type Look, type TaskListOptions } from './task-lists';
import { checkWatchOptions, watch, type WatchOptions } from './watch';
import { version as clientVersion } from '@temporalio/client/package.json';
import { version as commonVersion } from '@temporalio/common/package.json';

/** What a `MigrationHubClient` needs. */
export interface MigrationHubClientOptions {
  /** A Temporal client of the namespace in which the Migration Hub workers run. */
  client: Client;
  /**
   * Number of heartbeat workflows that share the tasks of a stream, for a stream that has no tasks yet; otherwise the stream's own number
   * counts. One number for all streams, or `{ streamName: number }`; 0–10000.
   * @default 0: one heartbeat workflow for each task
   */
  groups?: GroupsOption;
  /** Heartbeat settings for the heartbeat workflows that this client starts. @default for each setting that is left out, the worker's */
  heartbeat?: HeartbeatOptions;
}

/** A look at one task that takes longer is given up. */
const LOOK_MS = 120_000;
const CANDIDATES_MS = 25_000;

const CLIENT_PACKAGES = { client: clientVersion, common: commonVersion };

/** Reports and asks from outside of workflows. */
export class MigrationHubClient {
  private readonly ownerId = `client:${randomUUID()}`;
  private readonly heartbeat: HeartbeatSettings;
  private readonly routes: GroupRoutes;
  private readonly sender: ReportSender;
  private sequence = 0;
  private changes = 0;
  private readonly checks = new Remembered<void>(Infinity);
  private readonly earlierLabels = rememberLabels();

  /** @throws ConfigurationError for an option that does not exist or is out of range, and for a Temporal SDK that is too old */
  constructor(private readonly options: MigrationHubClientOptions) {
    checkSdk(CLIENT_PACKAGES);
    checkOptionNames('MigrationHubClient', options, { client: true, groups: true, heartbeat: true });
    // Without types a Connection is easily taken for a Client.
    if (!(options.client as Client | undefined)?.workflow)
      throw new ConfigurationError(
        'client is not a Client of @temporalio/client: pass new Client({ connection, namespace })',
      );
    this.heartbeat = heartbeatSettings(options.heartbeat);
    this.routes = new GroupRoutes(groupsSetting(options.groups), false);
    this.sender = new ReportSender(this.routes, options.heartbeat ?? {});
  }

  /**
   * Sends a report to the task's heartbeat workflow; resolves when that has it.
   * @throws InvalidReportError before anything is sent, or where the Temporal server will never take it; ConfigurationError where
   * `deadlineSearchAttribute` is set and the namespace lacks it; an error with the name TimeoutError where the server does not answer
   * for 60 s: it may have the report all the same
   */
  async report(report: TaskReport): Promise<AcceptedReport> {
    const { client } = this.options;
    const owner = report.owner ?? { ownerId: this.ownerId, sequence: ++this.sequence, reportedAt: Date.now() / 1000 };
    const { heartbeatFraction } = this.heartbeat;
    const onIgnored = (message: string) => process.emitWarning(message);
    const checked = validateReport({ ...report, owner }, { heartbeatFraction, onIgnored });
    const { progressUpdateStream, migrationTaskName } = checked;
    await this.checkNamespace();
    // The call itself goes on: a signal of ours would take the place of one that the caller has set.
    await bounded(SEND_MS, undefined, () => this.sender.send(client, checked));
    return { progressUpdateStream, migrationTaskName, ownerId: owner.ownerId, sequence: owner.sequence };
  }

  /**
   * What was last reported of a task, and until when it holds, judged now; null for a task nobody reported within the namespace's
   * retention. Needs no worker: where none answers within 5 s, or the heartbeat workflow has ended, its history is read, and `source`
   * is `history`.
   * @throws ConfigurationError for what cannot be a name; NamespaceNotFoundError of the Temporal SDK; ServiceError, or an error with the
   * name TimeoutError, where the server does not answer
   */
  async lastReportedState(progressUpdateStream: string, migrationTaskName: string): Promise<ReportedState | null> {
    checkTask({ progressUpdateStream, migrationTaskName });
    const { earlierLabels } = this;
    return (await this.read({ progressUpdateStream, migrationTaskName }, { earlierLabels })).states[0] ?? null;
  }

  /**
   * The tasks that meet the filter, open or ended within the namespace's retention, each as it was when it was read, in no order. They
   * come while further ones are read. Needs no worker: the histories of the heartbeat workflows are read. Temporal's list of these may
   * lag behind by a second or more.
   * @throws ConfigurationError at once, for a filter or an option that is wrong or misspelt; while it is read, as `lastReportedState`
   */
  list(filter: TaskFilter = {}, options: TaskListOptions = {}): AsyncIterable<ReportedState> {
    checkFilter(filter);
    checkListOptions(options);
    const { earlierLabels } = this;
    const tasks = listTasks(this.options.client, filter.progressUpdateStream, { ...options, earlierLabels });
    return matching(tasks, filter);
  }

  /** The streams that have tasks, open or ended within the namespace's retention, by name. */
  async listStreams(): Promise<string[]> {
    return [...(await heartbeatsByStream(this.options.client)).keys()].sort();
  }

  /**
   * The state of a task, or of each task of a stream, and again whenever something of it changes: what was last delivered (each
   * heartbeat, too), what is pending, freshness, failure, labels. One that nobody has reported yet comes when somebody does. Looks each
   * `intervalSeconds`; of what changes between two looks the last counts. Needs no worker, and waits out an outage of the Temporal
   * server, and of a codec once it has read something. Tasks whose history cannot be read are left out. A process warning says so, as
   * it does of an outage. Ends by `break`, `return()` or `signal`.
   * @throws ConfigurationError at once, for what is wrong or misspelt; NamespaceNotFoundError of the Temporal SDK and what else does not
   * pass, from the iterator
   */
  watch(tasks: WatchedTasks, options: WatchOptions = {}): AsyncIterableIterator<ReportedState> {
    checkWatched(tasks);
    checkWatchOptions(options);
    const { progressUpdateStream, migrationTaskName } = tasks;
    const look: Look =
      migrationTaskName === undefined
        ? looksAt(this.options.client, progressUpdateStream)
        : (signal) => this.readAgain({ progressUpdateStream, migrationTaskName }, signal);
    return watch((signal, onUnreadable) => matching(look(signal, onUnreadable), tasks), options);
  }

  /**
   * What happened to a task, in the order of time: reports, notifications, heartbeats, failures, refusals. As far back as Temporal keeps
   * the runs of its heartbeat workflows; empty for a task nobody reported within the namespace's retention. Needs no worker: histories
   * are read. `limit`: the newest so many, 1 to 1000000, default 10000.
   * @throws ConfigurationError for what cannot be a name, a limit out of range or another option; else as `lastReportedState`
   */
  async history(
    progressUpdateStream: string,
    migrationTaskName: string,
    options: { limit?: number } = {},
  ): Promise<TaskEvent[]> {
    const task = { progressUpdateStream, migrationTaskName };
    checkTask(task);
    checkOptionNames('history', options, { limit: true });
    const { limit = 10_000 } = options;
    checkNumber('limit', limit, { min: 1, max: 1_000_000, whole: true });
    const ids = await this.candidates(task);
    return (await readTaskHistory(this.options.client, ids, migrationTaskName, { limit })).events;
  }

  /**
   * Begins a new attempt of a task that is at its end, by hand: reports what is given with `reopen: true`, IN_PROGRESS by default. Labels
   * stay unless others are given; the percent begins anew. An end that Migration Hub does not have yet is sent first. Heartbeats then
   * go on until somebody reports the end: set `silenceLimitSeconds` where nobody may.
   * @throws ConfigurationError for what is wrong or misspelt; ReopenRefusedError where nobody has reported the task, or it is not at its end
   */
  async reopen(task: ReopenedTask): Promise<AcceptedReport> {
    checkReopened(task, this.heartbeat.heartbeatFraction);
    const [state] = (await this.read(task)).states;
    return this.report(reopening(task, state, this.options.client.options.namespace));
  }

  /**
   * Associates an artifact with a task, such as the AMI that its migration has made; resolves when the task's heartbeat workflow has
   * it. That sends it once the task is registered, and tries again until Migration Hub takes it: `attachments` of
   * `lastReportedState` tells. A task that nobody has reported is registered for it, and gets no status.
   * @throws InvalidReportError for what is wrong
   */
  associateArtifact(artifact: TaskArtifact): Promise<void> {
    return this.attach({ kind: 'createdArtifact' }, artifact);
  }

  /** Takes an artifact from a task, as `associateArtifact` gives it. @throws InvalidReportError for what is wrong */
  disassociateArtifact(artifact: NamedAttachment): Promise<void> {
    return this.attach({ kind: 'createdArtifact', disassociate: true }, artifact);
  }

  /**
   * Associates a source resource with a task, as `associateArtifact` does an artifact. The worker needs an AWS client of December 2024
   * or later; where it has an older one, `attachments` of `lastReportedState` tells. @throws InvalidReportError for what is wrong
   */
  associateSourceResource(resource: TaskSourceResource): Promise<void> {
    return this.attach({ kind: 'sourceResource' }, resource);
  }

  /** Takes a source resource from a task, as `associateSourceResource` gives it. @throws InvalidReportError for what is wrong */
  disassociateSourceResource(resource: NamedAttachment): Promise<void> {
    return this.attach({ kind: 'sourceResource', disassociate: true }, resource);
  }

  /**
   * Waits until Migration Hub has a report, or something newer of the same reporter.
   * @throws ConfigurationError for what is no accepted report, a time out of range or another option; NamespaceNotFoundError of the
   * Temporal SDK; ReportRefusedError when it came after a terminal state; DeliveryTimeoutError after `timeoutSeconds`.
   */
  waitForDelivery(report: AcceptedReport, options: DeliveryWaitOptions = {}): Promise<ReportedState> {
    const { client } = this.options;
    return waitForDelivery(report, options, (task, end) => client.withDeadline(end, () => this.read(task, { end })));
  }

  /**
   * Tells Migration Hub the state of an application, as `notifyApplicationState` of `temporal-migration-hub/workflow` does: `status`,
   * or what follows from its tasks (set `tasks` to how many it has, where some may have ended longer ago than the Retention Period). A
   * worker does it, in a short workflow; two calls about one application come one after the other.
   * @throws InvalidReportError before anything is sent; ApplicationStateError where Migration Hub was not told;
   * NamespaceNotFoundError of the Temporal SDK
   */
  async notifyApplicationState(
    application: ApplicationReport,
    options: ApplicationOptions = {},
  ): Promise<ApplicationOutcome> {
    const warn = (message: string) => process.emitWarning(message);
    const checked = validateApplication(application, warn);
    const { timeoutSeconds = 300, dryRun = false } = validateApplicationOptions(options, warn);
    return askForState(this.options.client, checked, { timeoutSeconds, dryRun });
  }

  private async attach(asked: Attaching, given: NamedAttachment): Promise<void> {
    const onIgnored = (message: string) => process.emitWarning(message);
    const change = changeOf(asked, given, onIgnored, `${this.ownerId}/${++this.changes}`);
    await this.checkNamespace();
    const { client } = this.options;
    await bounded(SEND_MS, undefined, () => this.sender.attach(client, change));
  }

  private async checkNamespace(): Promise<void> {
    if (!this.heartbeat.deadlineSearchAttribute) return;
    const warn = (message: string) => process.emitWarning(message);
    await this.checks.get('', () => checkDeadlineAttribute(this.options.client, warn));
  }

  /** For a watch: by history, so that it costs no worker anything. */
  private async *readAgain(task: TaskIdentity, signal: AbortSignal): AsyncGenerator<ReportedState, void> {
    const { earlierLabels } = this;
    const read = (abortSignal: AbortSignal) => this.read(task, { signal: abortSignal, byHistory: true, earlierLabels });
    yield* (await callsWithin(this.options.client, LOOK_MS, signal, read)).states;
  }

  private async read(task: TaskIdentity, options: ReaderOptions = {}): Promise<Reading> {
    const reader = new StateReader(this.options.client, options);
    return reader.readTask(await this.candidates(task), task.migrationTaskName);
  }

  /** The ids of the heartbeat workflows that may know a task. */
  private candidates(task: TaskIdentity): Promise<string[]> {
    const { client } = this.options;
    return bounded(CANDIDATES_MS, undefined, () => this.routes.candidates(client, task));
  }
}

async function* matching(
  states: AsyncIterable<ReportedState>,
  filter: TaskFilter,
): AsyncGenerator<ReportedState, void> {
  for await (const state of states) if (isMatch(state, filter)) yield state;
}
