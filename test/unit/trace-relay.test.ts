import type { Payload } from '@temporalio/common';
import type { ActivityInput, SignalInput, WorkflowExecuteInput } from '@temporalio/workflow';
import { expect, it } from 'vitest';
import { interceptors } from '../../src/workflows/trace-relay';

const TRACE = '_tracer-data';
const payload = (length: number): Payload => ({ data: new Uint8Array(length) });

/** A run, of which is asked with which trace its activities are scheduled. */
function run(started: Record<string, Payload> = {}) {
  const { inbound, outbound } = interceptors();
  const none = () => Promise.resolve();
  void inbound?.[0]?.execute?.({ headers: started } as unknown as WorkflowExecuteInput, none);
  return {
    signal: (headers: Record<string, Payload>) =>
      void inbound?.[0]?.handleSignal?.({ headers } as unknown as SignalInput, none),
    schedule(activityType: string, headers: Record<string, Payload> = {}) {
      let given: Record<string, Payload> = {};
      void outbound?.[0]?.scheduleActivity?.({ activityType, headers } as unknown as ActivityInput, (input) => {
        given = input.headers;
        return none();
      });
      return given;
    },
  };
}

it('the trace of the newest report goes with the next round, once, beside other headers', () => {
  const first = payload(1);
  const newer = payload(2);
  const { signal, schedule } = run({ [TRACE]: first });
  expect(schedule('notifyTaskStates', { other: first })).toEqual({ other: first, [TRACE]: first });
  expect(schedule('notifyTaskStates')).toEqual({});
  signal({ [TRACE]: first });
  signal({ [TRACE]: newer });
  signal({});
  expect(schedule('cancelCaller')).toEqual({});
  expect(schedule('notifyTaskStates')[TRACE]).toBe(newer);
});

it('no other header of a report is handed on, nor one that is too long for a trace', () => {
  const { signal, schedule } = run({ secret: payload(1), [TRACE]: payload(4097) });
  signal({ secret: payload(1), [TRACE]: payload(1_000_000) });
  expect(schedule('notifyTaskStates')).toEqual({});
});
