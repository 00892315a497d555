import type { ActivateInput, Next, WorkflowInternalsInterceptor, WorkflowInterceptors } from '@temporalio/workflow';
import type { Payload } from '@temporalio/common';
import { BETWEEN_STEPS } from '../task-state';

/**
 * Keeps a run out of the worker's cache whose steps were taken at a time that is not theirs.
 *
 * To answer a query from a run that is not cached, the SDK also applies events for which no workflow task was started yet,
 * such as a timer that fired just now. The workflow then acts at the time of the step before, older than the timer's end;
 * the run stays cached, and the next workflow task sends its commands as if that time had been right. Every later replay
 * has the right time and commands something else: the run is stuck. So such an answer fails, and the run is evicted;
 * but for a workflow that has ended, which commands nothing any more: who asks says so by the query's third argument.
 * (SDK 1.24: in sdk-core, `history_update.rs` lets the events pass, and only WorkflowTaskStarted moves the time.)
 */
export class QueryGuard implements WorkflowInternalsInterceptor {
  private last?: { time: string; historyLength: number };
  private stale = false;

  activate(input: ActivateInput, next: Next<WorkflowInternalsInterceptor, 'activate'>): void {
    const { jobs, isReplaying, historyLength, timestamp } = input.activation;
    const query = jobs?.find(({ queryWorkflow }) => queryWorkflow)?.queryWorkflow;
    if (query) {
      // Thrown here, not in the handler of the query, it fails the activation: that is what evicts the run.
      if (this.stale && !isTrue(query.arguments?.[2])) throw new Error(BETWEEN_STEPS);
    } else {
      // The time never goes back and has nanoseconds. What was done already is replayed with the right one.
      const now = { time: `${timestamp?.seconds}.${timestamp?.nanos}`, historyLength: historyLength ?? 0 };
      if (this.last && now.historyLength > this.last.historyLength)
        this.stale = !isReplaying && now.time === this.last.time;
      this.last = now;
    }
    next(input);
  }
}

const isTrue = (payload: Payload | undefined): boolean =>
  new TextDecoder().decode(payload?.data ?? undefined) === 'true';

export const interceptors = (): WorkflowInterceptors => ({ internals: [new QueryGuard()] });
