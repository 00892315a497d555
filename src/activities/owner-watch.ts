import { activityInfo, getClient, log } from '@temporalio/activity';
import type { Owner, OwnerEnd, OwnerQuestion } from '../task-state';

/** Notifications wait for the answer; one that does not come in this time counts as "still open". */
const ASK_MS = 3000;
const LISTED_AT_ONCE = 500;
/** gRPC's codes of a server, or an account, that will never list: INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED. */
const NEVER_LISTS = new Set([3, 7, 12]);
const NOT_FOUND = 5;

/** By WorkflowExecutionStatus; any other is open: running, paused, or continued as new. */
const ENDS: Readonly<Record<number, OwnerEnd>> = {
  2: 'COMPLETED',
  3: 'FAILED',
  4: 'CANCELLED',
  5: 'TERMINATED',
  7: 'TIMED_OUT',
};

/** What is known of one workflow: how its latest run has ended, undefined while it is open; and the root of its tree. */
interface Answer {
  end?: OwnerEnd;
  root?: string;
}
type Ask = (owner: Owner) => Promise<Answer>;

/**
 * Finds out, for all notifications of a batch, whether workflows are still open: one list of the running ones of each
 * namespace, a describe for those that it does not show. Each is asked about once.
 */
export class OwnerWatch {
  private readonly answers = new Map<string, Promise<Answer>>();
  private readonly running = new Map<string, Promise<Set<string> | undefined>>();

  constructor(
    private readonly questions: OwnerQuestion[],
    private readonly describe: Ask = describeWorkflow,
    private readonly list: typeof listRunning = listRunning,
  ) {}

  /** How the newest has ended, where all of them, and the roots of their trees, have; else undefined. */
  async endOf({ workflows }: OwnerQuestion): Promise<OwnerEnd | undefined> {
    let newest: OwnerEnd | undefined;
    const roots: Owner[] = [];
    for (const owner of [...workflows].reverse()) {
      const { end, root } = await this.ask(owner);
      if (end === undefined) return undefined;
      newest ??= end;
      if (root !== undefined && root !== owner.workflowId) roots.push({ ...owner, workflowId: root });
    }
    for (const root of roots) if ((await this.ask(root)).end === undefined) return undefined;
    return newest;
  }

  private ask(owner: Owner): Promise<Answer> {
    const key = `${owner.namespace ?? ''}/${owner.workflowId}`;
    const answer = this.answers.get(key) ?? this.find(owner);
    this.answers.set(key, answer);
    return answer;
  }

  private async find(owner: Owner): Promise<Answer> {
    const open = await this.openIn(owner.namespace);
    return !open || open.has(owner.workflowId) ? {} : this.describe(owner);
  }

  /** The open workflows among all that are asked about; undefined where the server did not say: all then count as open. */
  private openIn(namespace: string | undefined): Promise<Set<string> | undefined> {
    const key = namespace ?? '';
    const known = this.running.get(key);
    if (known) return known;
    const owners = this.questions.flatMap(({ workflows }) => workflows).filter((each) => each.namespace === namespace);
    const listed = this.list([...new Set(owners.map(({ workflowId }) => workflowId))], namespace);
    this.running.set(key, listed);
    return listed;
  }
}

const inNamespace = (namespace: string | undefined): string => namespace ?? activityInfo().namespace;

async function listRunning(workflowIds: string[], namespace?: string): Promise<Set<string> | undefined> {
  const open = new Set<string>();
  const client = getClient();
  // Quotes would end the text of the query.
  const plain = workflowIds.filter((id) => !/["'\\]/.test(id));
  try {
    for (let from = 0; from < plain.length; from += LISTED_AT_ONCE) {
      const ids = plain.slice(from, from + LISTED_AT_ONCE).map((id) => `'${id}'`);
      const { executions } = await client.withDeadline(Date.now() + ASK_MS, () =>
        client.workflowService.listWorkflowExecutions({
          namespace: inNamespace(namespace),
          query: `WorkflowId IN (${ids.join(', ')}) AND ExecutionStatus = 'Running'`,
          pageSize: LISTED_AT_ONCE,
        }),
      );
      for (const { execution } of executions) if (execution?.workflowId) open.add(execution.workflowId);
    }
    return open;
  } catch (error) {
    if (NEVER_LISTS.has((error as { code?: number }).code ?? -1)) return new Set();
    log.warn('Temporal did not list the workflows that report; they count as open', { reason: String(error) });
    return undefined;
  }
}

/** How a workflow's latest run has ended (continued as new, or run again, is no end). No answer counts as open. */
async function describeWorkflow({ workflowId, namespace }: Owner): Promise<Answer> {
  const client = getClient();
  try {
    const { workflowExecutionInfo: info } = await client.withDeadline(Date.now() + ASK_MS, () =>
      client.workflowService.describeWorkflowExecution({
        namespace: inNamespace(namespace),
        execution: { workflowId },
      }),
    );
    return { end: ENDS[info?.status ?? 0], root: info?.rootExecution?.workflowId ?? undefined };
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND) return { end: 'NOT_FOUND' };
    log.warn('a workflow that reports could not be asked whether it is still open; it counts as open', {
      workflowId,
      namespace,
      reason: String(error),
    });
    return {};
  }
}
