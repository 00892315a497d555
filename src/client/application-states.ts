import type { Client, WorkflowHandle } from '@temporalio/client';
import { bounded, CallTimeoutError } from '../async/bounded';
import {
  APPLICATION_WORKFLOW,
  MAX_OWN_ID_BYTES,
  summaryOf,
  TASK_QUEUE,
  type ApplicationOptions,
  type ApplicationOutcome,
  type ApplicationReport,
} from '../report';
import { callsWithin, SEND_MS } from './calls-within';
import { hashOf } from './heartbeat-workflow-id';

/** So long after its time the workflow is given up by Temporal, so that it says itself what failed where it can. */
const ENDING_SECONDS = 5;
/** More of a wait for the answer, which is on its way. */
const ANSWER_SECONDS = 5;

/** Migration Hub was not told the state of an application. */
export class ApplicationStateError extends Error {
  override readonly name = 'ApplicationStateError';
  constructor(
    /** The name of the AWS error; `NoTasks` where the status cannot be derived; `Unanswered` where no worker did it in time, or the Temporal server did not answer. */
    readonly type: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The workflow of an application: `mgh-application:<id>`, with a hash where that has more than 255 bytes. */
export function applicationWorkflowId(applicationId: string): string {
  const id = `mgh-application:${applicationId}`;
  return Buffer.byteLength(id) <= MAX_OWN_ID_BYTES ? id : `mgh-application:sha256:${hashOf(applicationId)}`;
}

/**
 * Has a worker tell Migration Hub the state of an application, by a short workflow. Another ask about the same application ends first:
 * what it read may be older than this one.
 * @throws ApplicationStateError
 */
export async function askForState(
  client: Client,
  application: ApplicationReport,
  { timeoutSeconds, dryRun }: Required<ApplicationOptions>,
): Promise<ApplicationOutcome> {
  const { applicationId } = application;
  const workflowId = applicationWorkflowId(applicationId);
  const end = Date.now() + timeoutSeconds * 1000;
  for (let left = timeoutSeconds; left > 0; left = (end - Date.now()) / 1000) {
    const ours = await startUnlessThere(client, workflowId, application, { timeoutSeconds: Math.max(1, left), dryRun });
    if (!ours) {
      await resultOf(client, client.workflow.getHandle(workflowId), left);
      continue;
    }
    const { outcome, error } = await resultOf(client, ours, left + ENDING_SECONDS + ANSWER_SECONDS);
    if (outcome) return outcome;
    throw inWords(application, timeoutSeconds, error);
  }
  throw new ApplicationStateError(
    'Unanswered',
    `${applicationId}: nothing was sent within ${timeoutSeconds} s: another call about it, workflow ${workflowId}, did not end`,
  );
}

/** Undefined where another ask about the application is under way. @throws ApplicationStateError where the Temporal server does not answer */
async function startUnlessThere(
  client: Client,
  workflowId: string,
  application: ApplicationReport,
  options: Required<ApplicationOptions>,
): Promise<WorkflowHandle | undefined> {
  const { timeoutSeconds } = options;
  const { applicationId } = application;
  const start = () =>
    client.workflow.start(APPLICATION_WORKFLOW, {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [application, options],
      workflowExecutionTimeout: (timeoutSeconds + ENDING_SECONDS) * 1000,
      staticSummary: summaryOf(application.application ?? applicationId, ': state of the application'),
    });
  try {
    return await bounded(Math.min(SEND_MS, timeoutSeconds * 1000), undefined, start);
  } catch (error) {
    if ((error as Error).name === 'WorkflowExecutionAlreadyStartedError') return undefined;
    if (!(error instanceof CallTimeoutError)) throw error;
    const why = `${applicationId}: the Temporal server gave ${error.message}: check that it can be reached`;
    throw new ApplicationStateError('Unanswered', why, { cause: error });
  }
}

/** What a workflow ended with. @throws what the Temporal server answers */
async function resultOf(
  client: Client,
  handle: WorkflowHandle,
  seconds: number,
): Promise<{ outcome?: ApplicationOutcome; error?: unknown }> {
  const wait = () => handle.result() as Promise<ApplicationOutcome>;
  try {
    return { outcome: await callsWithin(client, seconds * 1000, undefined, wait) };
  } catch (error) {
    if ((error as Error).name === 'WorkflowFailedError') return { error: (error as Error).cause };
    if (error instanceof CallTimeoutError) return { error };
    throw error;
  }
}

/** Temporal wraps: what failed is the innermost cause. */
function inWords({ applicationId }: ApplicationReport, seconds: number, error: unknown): ApplicationStateError {
  let cause = error as Error & { type?: string };
  while (cause.cause instanceof Error) cause = cause.cause;
  if (cause.name.startsWith('Timeout'))
    return new ApplicationStateError(
      'Unanswered',
      `${applicationId}: no answer within ${seconds} s: does a worker of this version serve the task queue ${TASK_QUEUE}?`,
      { cause },
    );
  const type = cause.type ?? cause.name;
  return new ApplicationStateError(type, `${applicationId}: ${type}: ${cause.message}`, { cause });
}
