/** As the Temporal API has it. */
interface Timestamp {
  seconds?: unknown;
  nanos?: number | null;
}

/** Epoch seconds, to the whole millisecond, as a workflow's clock has it; 0 for none. */
export const toSeconds = (time: Timestamp | null | undefined): number =>
  (Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6)) / 1000;
