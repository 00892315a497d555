import type { Client } from '@temporalio/client';
import { bounded, CallTimeoutError } from '../async/bounded';
import { isNotFound, query } from './heartbeat-workflows';
import { groupFromHistory } from './history/group-from-history';
import type { TaskStateView } from '../task-state';

/** What was last reported of a task, and who says so. */
export interface ReportedState extends TaskStateView {
  /**
   * `query`: the heartbeat workflow, by a worker. `history`: no worker answered, so this is what the Temporal server holds of
   * that workflow; the same state, though heartbeats and retries that fall due meanwhile wait for a worker.
   */
  source: 'query' | 'history';
}

/** What a reader found out. */
export interface Reading {
  /** Of the tasks asked for, those that are known. */
  states: ReportedState[];
  /** Why no worker answered, where none did. */
  unanswered?: string;
}

type Answer = TaskStateView | TaskStateView[] | null;

/** A query waits for a worker that was there until recently; then the history is read. Both together: below 15 s. */
const WORKER_MS = 5000;
const HISTORY_MS = 9000;

/** Asks heartbeat workflows: a worker by the query, or, where none answers, their history. */
export class StateReader {
  /** Nobody serves the queue: found out once, it counts for all that this reader asks. */
  private unserved?: string;

  /** `end`: epoch milliseconds by which there must be an answer. */
  constructor(
    private readonly client: Client,
    private readonly end = Infinity,
  ) {}

  /** One task, or all with null, judged now. @throws WorkflowNotFoundError */
  async read(workflowId: string, name: string | null): Promise<Reading> {
    const now = Date.now() / 1000;
    const unanswered = this.unserved ?? (await this.ask(workflowId, name, now));
    if (typeof unanswered !== 'string') return unanswered;
    const group = await this.within(HISTORY_MS, () => groupFromHistory(this.client, workflowId));
    // Plain JSON, as the query's answer is.
    const answer = JSON.parse(JSON.stringify(group.view(name, now))) as Answer;
    return { states: statesOf(answer, 'history'), unanswered };
  }

  /** What the worker answers, or why there is no answer. */
  private async ask(workflowId: string, name: string | null, now: number): Promise<Reading | string> {
    // Half of a short time is left for the history.
    const limit = Math.max(0, Math.min(WORKER_MS, (this.end - Date.now()) / 2));
    try {
      const answer = await this.within(limit, () => query<Answer>(this.client, workflowId, name, now));
      return { states: statesOf(answer, 'query') };
    } catch (error) {
      if (isNotFound(error)) throw error;
      const why = whyOf(error);
      if (isUnserved(error)) this.unserved = why;
      return why;
    }
  }

  /** Gives up after `ms`; a deadline that the caller has set holds, too. */
  private within<T>(ms: number, work: () => Promise<T>): Promise<T> {
    return bounded(ms, undefined, (abortSignal) => this.client.withAbortSignal(abortSignal, work));
  }
}

const statesOf = (answer: Answer, source: ReportedState['source']): ReportedState[] =>
  [answer ?? []].flat().map((view) => ({ ...view, source }));

/** No worker polls the queue, or one that did is gone. */
const isUnserved = (error: unknown): boolean => error instanceof CallTimeoutError || /no poller/.test(whyOf(error));

/** What the Temporal server, or the way to it, said; for an error of another kind its message. */
export function whyOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: unknown; message: string } };
  return typeof cause?.code === 'number' ? cause.message : message;
}
