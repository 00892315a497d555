import type { Headers, Payload } from '@temporalio/common';
import type {
  ActivityInput,
  Next,
  SignalInput,
  WorkflowExecuteInput,
  WorkflowInboundCallsInterceptor,
  WorkflowInterceptors,
  WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';
import type { NotifyActivities } from '../activities';

/** In which the OpenTelemetry interceptors of the Temporal SDKs hand on a trace. */
const TRACE_HEADER = '_tracer-data';
/** A trace has some hundred; anybody may signal anything. */
const MAX_BYTES = 4096;
const SENDING: keyof NotifyActivities = 'notifyTaskStates';

/**
 * Where plugins trace calls, hands the trace of a report on to the activity that sends it: one trace goes from the report to the call
 * of Migration Hub. Of several reports that one round sends, the newest has the trace; tries of later rounds and heartbeats have none,
 * so that no trace goes on for days. Without such plugins there is no header, and nothing is added to a history.
 *
 * A replay does not compare headers. No method may be async: handlers would run in another order than in recorded histories.
 */
class TraceRelay implements WorkflowInboundCallsInterceptor, WorkflowOutboundCallsInterceptor {
  private trace?: Payload;

  /** A first report comes with the start. */
  execute(input: WorkflowExecuteInput, next: Next<WorkflowInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    this.trace = traceIn(input.headers);
    return next(input);
  }

  handleSignal(input: SignalInput, next: Next<WorkflowInboundCallsInterceptor, 'handleSignal'>): Promise<void> {
    this.trace = traceIn(input.headers) ?? this.trace;
    return next(input);
  }

  scheduleActivity(
    input: ActivityInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'scheduleActivity'>,
  ): Promise<unknown> {
    const { trace } = this;
    if (!trace || input.activityType !== SENDING) return next(input);
    this.trace = undefined;
    return next({ ...input, headers: { ...input.headers, [TRACE_HEADER]: trace } });
  }
}

function traceIn(headers: Headers): Payload | undefined {
  const trace = headers[TRACE_HEADER];
  return (trace?.data?.length ?? 0) <= MAX_BYTES ? trace : undefined;
}

/** Loaded by the worker as an interceptor module. */
export const interceptors = (): WorkflowInterceptors => {
  const relay = new TraceRelay();
  return { inbound: [relay], outbound: [relay] };
};
