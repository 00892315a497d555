import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  executeChild,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { migrationTask } from '../src/workflow';
import type { Attempt } from './programme';

/** What a migration workflow of the life test is told. */
export interface LifeInput {
  stream: string;
  task: string;
  nextUpdateSeconds: number;
  attempt: Attempt;
  /** Reports that earlier runs have made. */
  done?: number;
}

/** As a caller in another language sees it. */
interface ByName {
  reportTaskState(report: object): Promise<unknown>;
}
const { reportTaskState } = proxyActivities<ByName>({ taskQueue: 'migration-hub', startToCloseTimeout: '10s' });

/** All reports were made: what ends the workflow from outside may come. */
export const hasReported = defineQuery<boolean>('hasReported');

type Report = Attempt['reports'][number];
type Status = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

/** Reports once, and ends. */
export async function step({ stream, task, nextUpdateSeconds }: LifeInput, percent: number): Promise<void> {
  await byName({ stream, task, nextUpdateSeconds }, 'IN_PROGRESS', percent);
}

const byName = (input: Pick<LifeInput, 'stream' | 'task' | 'nextUpdateSeconds'>, status: Status, percent: number) =>
  reportTaskState({
    progressUpdateStream: input.stream,
    migrationTaskName: input.task,
    nextUpdateSeconds: input.nextUpdateSeconds,
    status,
    progressPercent: percent,
  });

const DONE = 'done';
/** Of those that a cron schedule makes: the next one has the result of the one before. */
const isFirstRun = (): boolean => workflowInfo().lastResult !== DONE;

/** The migration of the life test, as its code is with a bug, or mended. */
export function lifeOf(hasBug: boolean) {
  return async function life(input: LifeInput): Promise<string> {
    const { attempt } = input;
    if (attempt.by === 'activity') {
      await byActivity(input);
      return DONE;
    }
    const { stream, task: name, nextUpdateSeconds } = input;
    const task = migrationTask({ progressUpdateStream: stream, migrationTaskName: name, nextUpdateSeconds });
    await task.run(async () => {
      await reportAll(input, (percent) => task.report({ status: 'IN_PROGRESS', progressPercent: percent }));
      if (attempt.end === 'bug' && hasBug) throw new TypeError("Cannot read properties of undefined (reading 'id')");
      await endOf(input);
    });
    if (attempt.isDelivered) await task.delivered();
    return DONE;
  };
}

async function byActivity(input: LifeInput): Promise<void> {
  await reportAll(input, (percent) => byName(input, 'IN_PROGRESS', percent));
  const { end, reports } = input.attempt;
  const percent = Math.max(...reports.map((report) => report.percent));
  if (end === 'complete' || (end === 'cron' && isFirstRun())) await byName(input, 'COMPLETED', 100);
  else if (end === 'fail') await byName(input, 'FAILED', percent);
  else if (end !== 'leave') await forEver();
}

async function forEver(): Promise<void> {
  setHandler(hasReported, () => true);
  await condition(() => false);
}

async function reportAll(input: LifeInput, report: (percent: number) => Promise<unknown>): Promise<void> {
  const { attempt, done = 0 } = input;
  for (const [i, each] of attempt.reports.entries()) {
    if (i < done) continue;
    await sleep(each.pause * 1000);
    await reportOne(input, each, report);
    if (i + 1 === attempt.continuesAfter) await continueAsNew({ ...input, done: i + 1 });
  }
}

async function reportOne(
  input: LifeInput,
  { byChild, percent }: Report,
  report: (percent: number) => Promise<unknown>,
) {
  // The first report of an attempt is the migration's own: a child has no `run`.
  if (byChild) {
    await report(0);
    await executeChild(step, { args: [input, percent] });
  } else await report(percent);
}

/** The end of an attempt with `run`. */
async function endOf({ attempt: { end } }: LifeInput): Promise<void> {
  const isFirstTry = workflowInfo().attempt === 1;
  if (end === 'fail') throw ApplicationFailure.nonRetryable('the migration failed');
  if (end === 'retry' && isFirstTry) throw ApplicationFailure.create({ message: 'the first try failed' });
  if (end === 'cancel' || end === 'terminate' || end === 'open' || (end === 'cron' && !isFirstRun())) await forEver();
}
