import type { ActivateInput, Next, WorkflowInternalsInterceptor, WorkflowInterceptors } from '@temporalio/workflow';
import type { Payload } from '@temporalio/common';
import { BETWEEN_STEPS } from '../report';
import { CurrentDetails } from './current-details';

/** A query that was sent to a worker by itself; those that come with a workflow task have ids of the server's. */
const DIRECT_QUERY = 'legacy_query';

/**
 * Keeps runs out of the worker's cache that are ahead of their history.
 *
 * To answer a direct query from a run that is not cached, Core (SDK 1.24: `history_update.rs`) also applies events after the last
 * completed workflow task: an unfinished one that another worker may have lost, or none yet. The run stays cached. What comes later
 * is a further activation, or none at all, where every replay has one activation for the whole workflow task, at another time: other
 * commands, and the run is stuck (TMPRL1100). An activation does not tell why it comes; so a direct query fails, and the run is
 * evicted, where the last activation
 * - was the first one after replay: it may have been made for this query. (The first one of a run is not: before a workflow task
 *   was completed, the server sends no direct query.) Or
 * - had events but no time of its own: WorkflowTaskStarted, which moves the time, is still to come.
 * After the next workflow task the run is replayed up to the query, or has gone on from there, and answers. One that has ended
 * has no next workflow task: the client then passes true as the query's third argument.
 */
export class QueryGuard implements WorkflowInternalsInterceptor {
  private last?: { isReplaying: boolean; time: string; historyLength: number };
  private isAhead = false;

  /** @throws Error `BetweenSteps` for a direct query that the run must not answer */
  activate(input: ActivateInput, next: Next<WorkflowInternalsInterceptor, 'activate'>): void {
    const { jobs, timestamp } = input.activation;
    const query = jobs?.find(({ queryWorkflow }) => queryWorkflow)?.queryWorkflow;
    if (!query) {
      // The time has nanoseconds and never goes back.
      const time = `${timestamp?.seconds}.${timestamp?.nanos}`;
      this.advance({
        isReplaying: input.activation.isReplaying ?? false,
        time,
        historyLength: input.activation.historyLength ?? 0,
      });
    } else if (this.isAhead && query.queryId === DIRECT_QUERY && !isTrue(query.arguments?.[2]))
      // Thrown here, not in the handler of the query, it fails the activation: that is what evicts the run.
      throw new Error(BETWEEN_STEPS);
    next(input);
  }

  private advance(now: NonNullable<QueryGuard['last']>): void {
    const { last } = this;
    // One workflow task may have several activations.
    if (last?.historyLength === now.historyLength) return;
    this.isAhead = last !== undefined && !now.isReplaying && (last.isReplaying || last.time === now.time);
    this.last = now;
  }
}

const isTrue = (payload: Payload | undefined): boolean =>
  new TextDecoder().decode(payload?.data ?? undefined) === 'true';

/** Loaded by the worker as an interceptor module. */
export const interceptors = (): WorkflowInterceptors => ({ internals: [new QueryGuard(), new CurrentDetails()] });
