import type { Call } from '../calls/call';
import { accountOf, type Scope } from '../calls/credential-scope';
import { isWrite, modelled } from '../calls/model';
import type { StateFile } from '../state-file/state-file';
import type { EmulatorClock } from '../time/clock';
import type { NewEntry } from './journal';
import type { Metrics } from './metrics';

/** What a call recorder works with. */
export interface CallRecorderParts {
  /** The emulator's clock. */
  clock: EmulatorClock;
  /** The metrics in which calls are counted. */
  metrics: Metrics;
  /** Seconds until the deadline of the task that a call is about; undefined when it has none. */
  marginOf: (call: Call, scope: Scope | undefined) => number | undefined;
}

/** Records calls in the state file, if there is one, and in the metrics. */
export class CallRecorder {
  /** The state file; undefined when there is none. */
  stateFile: StateFile | undefined;

  /** @param parts what it works with */
  constructor(private readonly parts: CallRecorderParts) {}

  /**
   * Prepares the recording of a call, before it is carried out.
   * @returns a function that records it. Call it right after the call was carried out, without an await in between and
   * with the same reading of the clock: then the state file has the calls in the order in which, and with the times at
   * which, they were applied.
   * @throws Error when the state file cannot be written
   */
  begin(call: Call, scope: Scope | undefined): () => void {
    const { clock, metrics, marginOf } = this.parts;
    this.stateFile?.checkUsable();
    const margin = call.operation === 'NotifyMigrationTaskState' ? marginOf(call, scope) : undefined;
    return () => {
      if (margin !== undefined) metrics.margin(margin);
      const { service, operation, input } = call;
      if (operation === null || !input || !isWrite(operation)) return;
      const signed = scope && { account: accountOf(scope), region: scope.region };
      this.stateFile?.call({ service, operation, input, ...signed }, clock.now());
    };
  }

  /**
   * Resolves when everything recorded so far is on disk.
   * @throws Error when the state file cannot be written
   */
  async durable(): Promise<void> {
    await this.stateFile?.durable();
  }

  /** Counts a call when its outcome is known: an answer, or none. */
  ended({ service, operation }: Call, entry: NewEntry): void {
    this.parts.metrics.call(entry, operation !== null && modelled(service, operation) !== undefined);
  }
}
