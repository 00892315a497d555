/** The statuses of Migration Hub's `Task$Status` (API 2017-05-31). */
export const STATUSES = ['NOT_STARTED', 'IN_PROGRESS', 'FAILED', 'COMPLETED'] as const;
/** One of them. */
export type Status = (typeof STATUSES)[number];

/** True for COMPLETED and FAILED. */
export const isTerminal = (status: string | undefined): boolean => status === 'COMPLETED' || status === 'FAILED';

/** One migration task: a (ProgressUpdateStream, MigrationTaskName) pair. */
export interface TaskIdentity {
  /** 1–50 code points, no `/`, `:`, `|` or control character. */
  progressUpdateStream: string;
  /** 1–256 code points, no `:` or `|`. */
  migrationTaskName: string;
}

/** The state of a migration. */
export interface TaskState {
  /** As Migration Hub has it; COMPLETED and FAILED are terminal. */
  status: Status;
  /** One line of at most 2,500 code points; longer or multi-line text is flattened and cut. */
  statusDetail?: string;
  /** Integer 0–100. Does not fall within one attempt unless `allowDecrease` is set. */
  progressPercent?: number;
}

/** An attribute for PutResourceAttributes, by which Migration Hub maps a task to a server. */
export interface ResourceAttribute {
  /** `IPV4_ADDRESS`, `FQDN`, `VM_NAME` or another of the API's ResourceAttributeType. */
  type: string;
  /**
   * 1–256 code points, one line. An IPv4 address has four numbers, an IPv6 address eight groups, a FQDN none of `< > { } \ / ? , =`.
   * Those of a VM need one of type `VM_MANAGER_ID` beside them.
   */
  value: string;
}

/** What a migration has made, such as an AMI or an instance: the API's CreatedArtifact. */
export interface CreatedArtifact {
  /** Its ARN, which is its name in Migration Hub: 1–1600 code points. */
  name: string;
  /** One line of at most 500 code points. */
  description?: string;
}

/** What a migration moves: the API's SourceResource, which clients of AWS have since December 2024. */
export interface SourceResource {
  /** 1–1600 code points. */
  name: string;
  /** One line of at most 500 code points. */
  description?: string;
  /** One line of at most 2,500 code points; longer or multi-line text is flattened and cut. */
  statusDetail?: string;
}

/** Who reports of a task. */
export interface ReportOwner {
  /** One run of a workflow, or whoever else counts its reports. */
  ownerId: string;
  /** Absent for one that is no workflow. */
  workflowId?: string;
  /** The run of the workflow. */
  runId?: string;
  /** The type of the workflow: one of another type that is open under its id later does not count as the owner. */
  workflowType?: string;
  /** The namespace of the workflow, if it is another than that of the heartbeat workflow. */
  namespace?: string;
  /** The workflow at the root of its tree, where it is another one: while that is open, the task is not given up. */
  rootWorkflowId?: string;
  /** Rises with each report of one `ownerId`, from 1. */
  sequence: number;
  /** Names the `run` of `migrationTask` that the report is made in: one that the task has not seen begins a new attempt after an end. */
  attempt?: string;
  /**
   * Epoch seconds at which the workflow run started: one that is newer than the run that ended the task begins a new attempt. For one that
   * is no workflow: when that happened which it reports; what is newer than the end of the task begins a new attempt.
   */
  startedAt?: number;
  /**
   * Epoch seconds at which one that is no workflow reported, by its clock: a workflow run that started after an end which it reported
   * begins a new attempt, even if the heartbeat workflow took that end later.
   */
  reportedAt?: number;
}

/** A report as it travels to the heartbeat workflow: plain JSON, part of the public contract. */
export interface TaskReport extends TaskIdentity, TaskState {
  /** Seconds after `updateDateTime` within which the next update comes: 1–2147483647, default 3600. */
  nextUpdateSeconds?: number;
  /**
   * Seconds without a report after which heartbeats stop, where the reporter is no workflow that could be asked: from 0 (never),
   * default as the worker is set. The task is then stale at its deadline; the next report starts them again.
   */
  silenceLimitSeconds?: number;
  /** For people, boards and filters (wave, application); nothing is routed by them. */
  labels?: Record<string, string>;
  /** Put once the task is registered, and again when they change: Migration Hub then maps the task to a server. */
  resourceAttributes?: ResourceAttribute[];
  /**
   * The configuration id of the server in Application Discovery Service, such as `d-server-0123456789abcdef0`: associated once the
   * task is registered; with another id the one before is disassociated after that. 1–1600 code points, one line.
   */
  discoveredResource?: string;
  /** Who reports. */
  owner?: ReportOwner;
  /** Lets `progressPercent` fall. @default false */
  allowDecrease?: boolean;
  /** Lets a report follow a terminal state, for callers that are no workflows. @default false */
  reopen?: boolean;
}
