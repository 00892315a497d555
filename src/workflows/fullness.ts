import { workflowInfo } from '@temporalio/workflow';

/** Bytes that a run may add to its history; what it was started with can be large and does not count. */
const MAX_ADDED_BYTES = 2_000_000;
/** Temporal refuses signals after 10,000 of one run. */
const MAX_SIGNALS = 5000;
/** A state that fits no payload is tried again after so many further events. */
const EVENTS_UNTIL_NEXT_TRY = 1000;

/** How far events may grow beyond the setting while something is always on its way. */
const LONGEST = 2;

/** When a run is long enough to continue as new, and when it must: by events, by bytes, by signals, or where the server suggests it. */
export class Fullness {
  /** Signals that this run has taken. */
  signals = 0;
  private readonly bytesAtStart = workflowInfo().historySize;
  /** Not before so many events, after a state that fitted no payload. */
  private notBefore = 0;

  constructor(private readonly maxEvents: () => number) {}

  /** True from when on the run is to continue as new at a moment when nothing is on its way. */
  isLong(): boolean {
    return this.isBeyond(this.maxEvents());
  }

  /** True from when on the run is to make such a moment: it begins nothing that can wait. */
  isFull(): boolean {
    return this.isBeyond(LONGEST * this.maxEvents());
  }

  /** Called where continue-as-new was not possible. */
  putOff(): void {
    this.notBefore = workflowInfo().historyLength + EVENTS_UNTIL_NEXT_TRY;
  }

  private isBeyond(events: number): boolean {
    const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
    if (historyLength < this.notBefore) return false;
    const isLong = historyLength >= events || this.signals >= MAX_SIGNALS;
    return continueAsNewSuggested || isLong || historySize - this.bytesAtStart >= MAX_ADDED_BYTES;
  }
}
