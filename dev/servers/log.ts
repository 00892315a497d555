/** Takes one line per step of the work, without a line end. */
export type Log = (line: string) => void;

/** The default log: standard error, so that standard output stays free for results. */
export const logToStderr: Log = (line) => {
  process.stderr.write(`[servers] ${line}\n`);
};

/** The message of anything thrown, for a list of what went wrong. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
