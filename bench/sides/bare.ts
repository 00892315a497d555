import { runChild } from '../children';
import { CALLERS } from '../migrations';
import { awsEnvironment } from '../world';

/** Calls at once of the bare loop. */
const AT_ONCE = CALLERS;

/** What the bare side did. */
export interface BareResult {
  calls: number;
  seconds: number;
  cpuSeconds: number;
}

async function run(url: string, args: (string | number)[]): Promise<BareResult> {
  const script = ['--import', 'tsx', 'bench/sides/bare-process.ts'];
  const text = await runChild('bare loop', [...script, ...args.map(String)], awsEnvironment(url));
  return JSON.parse(text) as BareResult;
}

/** NotifyMigrationTaskState of `tasks` tasks, round and round, for `seconds`. */
export const bareLoop = (url: string, tasks: number, seconds: number): Promise<BareResult> =>
  run(url, ['rate', tasks, AT_ONCE, seconds]);

/** All calls of the first report of each of `tasks` tasks: import, describe, notify, and one to create the stream. */
export const bareFirstReports = (url: string, tasks: number): Promise<BareResult> =>
  run(url, ['first-reports', tasks, AT_ONCE, 0]);
