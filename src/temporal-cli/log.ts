/** Takes one line per step of the work, without a line end. */
export type Log = (line: string) => void;

/** The message of anything thrown, for a list of what went wrong. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
