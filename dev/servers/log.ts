import type { Log } from '../../src/temporal-cli/log';

/** The default log: standard error, so that standard output stays free for results. */
export const logToStderr: Log = (line) => {
  process.stderr.write(`[servers] ${line}\n`);
};
