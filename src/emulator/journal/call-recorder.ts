import type { Call } from '../calls/call';
import type { Clock } from '../time/clock';
import type { NewEntry } from './journal';
import type { Metrics } from './metrics';
import type { StateFile } from '../state-file/state-file';
import { isWrite, modelled } from '../calls/model';
import { accountOf, type Scope } from '../calls/credential-scope';

/** What is written down about calls beside the journal: the state file, when there is one, and the metrics. */
export class CallRecorder {
  stateFile: StateFile | undefined;

  constructor(
    private readonly parts: {
      clock: Clock;
      metrics: Metrics;
      /** Seconds until the deadline of the task that a call is about, if it has one. */
      marginOf: (call: Call, scope: Scope | undefined) => number | undefined;
    },
  ) {}

  /**
   * Before the work of a call; throws when it could not be written down. The answer is to be called in the same turn,
   * once the call has been carried out: then the file has calls in the order in which they were applied.
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

  /** Resolves when nothing that was done up to now can be lost. */
  async durable(): Promise<void> {
    await this.stateFile?.durable();
  }

  /** When it is known how a call ends: with an answer, or with none. */
  ended({ service, operation }: Call, entry: NewEntry): void {
    this.parts.metrics.call(entry, operation !== null && modelled(service, operation) !== undefined);
  }
}
