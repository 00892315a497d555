import type { Client } from '@temporalio/client';
import type { Logger } from '@temporalio/common';
import { Remembered } from '../async/remembered';
import type { ReportSender } from '../client/report-sender';
import { describeWorkflow } from '../client/workflow-runs';
import {
  changeOf,
  MAX_ID_LENGTH,
  validateReport,
  type Attaching,
  type NamedAttachment,
  type ReportOwner,
  type TaskReport,
} from '../report';
import type { HeartbeatSettings, Owner, ReportKey } from '../task-state';
import type { UndeliveredReports } from './undelivered-reports';

/** When a workflow run started, and in which tree, does not change. */
const REMEMBERED_MS = 3_600_000;
/** gRPC's codes of a server that will never say it: INVALID_ARGUMENT (a run id that is none), NOT_FOUND, PERMISSION_DENIED, UNIMPLEMENTED. */
const NEVER_TOLD = new Set([3, 5, 7, 12]);
/** Of fields that do not exist, so many are told of. */
const REMEMBERED_FIELDS = 100;

type Described = Partial<Awaited<ReturnType<typeof describeWorkflow>>>;

/** Who calls, as far as its surroundings tell. */
export interface Caller {
  /** The workflow, its run, its type where that is known, and its namespace, where that is another. */
  workflow: Pick<ReportOwner, 'workflowId' | 'runId' | 'workflowType' | 'namespace'>;
  /** What a report counts as that names no owner. */
  reporter: ReportKey & Pick<ReportOwner, 'reportedAt'>;
}

/** Takes reports of callers in any language, and completes what these do not say of themselves. */
export class ReportIntake {
  private readonly described = new Remembered<Described>(REMEMBERED_MS);
  private readonly told = new Set<string>();

  constructor(
    private readonly settings: HeartbeatSettings,
    private readonly sender: ReportSender,
    private readonly undelivered: UndeliveredReports,
  ) {}

  /**
   * Sends a report to the task's heartbeat workflow, starting it where there is none. Gives the key under which it was accepted.
   * @throws InvalidReportError for one that is wrong
   */
  async take(input: TaskReport, { workflow, reporter }: Caller, client: Client, log: Logger): Promise<ReportKey> {
    const { heartbeatFraction } = this.settings;
    const onIgnored = (message: string) => this.sayOnce(message, log);
    const report = validateReport(input, { heartbeatFraction, onIgnored });
    report.owner ??= { ...reporter, ...workflow };
    const { owner } = report;
    owner.workflowId ??= workflow.workflowId;
    owner.namespace ??= workflow.namespace;
    await this.complete(owner, workflow, client, log);
    const acceptedBy = await this.sender.send(client, report);
    this.undelivered.accepted(acceptedBy, report);
    return { ownerId: owner.ownerId, sequence: owner.sequence };
  }

  /**
   * Sends a change of an attachment to the task's heartbeat workflow, starting it where there is none. `id`: names the change.
   * @throws InvalidReportError for one that is wrong
   */
  async change(asked: Attaching, given: NamedAttachment, id: string, client: Client, log: Logger): Promise<void> {
    const change = changeOf(asked, given, (message) => this.sayOnce(message, log), id.slice(0, MAX_ID_LENGTH));
    const acceptedBy = await this.sender.attach(client, change);
    this.undelivered.attached(acceptedBy, change);
  }

  /** Adds what an owner does not say of its workflow, be it the one that calls or another one. */
  private async complete(owner: ReportOwner, caller: Caller['workflow'], client: Client, log: Logger): Promise<void> {
    const { workflowId, namespace } = owner;
    const isCaller =
      workflowId === caller.workflowId &&
      namespace === caller.namespace &&
      (owner.runId ?? caller.runId) === caller.runId;
    if (isCaller) owner.workflowType ??= caller.workflowType;
    // `run` of `migrationTask` says the rest itself.
    if (!workflowId || owner.attempt) return;
    const runId = isCaller ? caller.runId : owner.runId;
    const { startedAt, root, workflowType } = await this.describe({ workflowId, namespace }, runId, client, log);
    owner.startedAt ??= startedAt;
    owner.rootWorkflowId ??= root;
    owner.workflowType ??= workflowType;
  }

  private async describe(owner: Owner, runId: string | undefined, client: Client, log: Logger): Promise<Described> {
    const { workflowId, namespace = client.options.namespace } = owner;
    const ask = () => describeWorkflow(client, { workflowId, namespace }, runId);
    try {
      // Which run is the latest may change.
      if (runId === undefined) return await ask();
      return await this.described.get(JSON.stringify([namespace, workflowId, runId]), ask);
    } catch (error) {
      // What may pass is tried again by Temporal: without its start a report would count as one of an attempt before.
      if (!NEVER_TOLD.has((error as { code?: number }).code ?? -1)) throw error;
      log.warn('the start of a workflow that reports is not known', { workflowId, namespace, reason: String(error) });
      return {};
    }
  }

  /** A newer version of the caller would bring it with each report. */
  private sayOnce(message: string, log: Logger): void {
    if (this.told.has(message) || this.told.size >= REMEMBERED_FIELDS) return;
    this.told.add(message);
    log.warn(message);
  }
}
