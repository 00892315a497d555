import { ApplicationFailure } from '@temporalio/common';
import { heartbeat, sleep } from '@temporalio/activity';

/*
 * Stand-ins: each only sleeps. In a real migration they would call the replication tool
 * (AWS Application Migration Service, a hypervisor, a database) and watch it until the step is done.
 */

export interface Step {
  server: string;
  seconds: number;
  /** Makes the step fail, for demonstration. */
  fail?: boolean;
}

/** Copies data until the next mark. */
export async function replicate(step: Step): Promise<void> {
  await work(step.seconds);
}

/** Starts a test instance from the copy and checks it. */
export async function launchTestInstance(step: Step): Promise<void> {
  await work(step.seconds);
  if (step.fail) throw stop(`Test instance of ${step.server} does not boot`, 'TestFailed');
}

/** Stops the source, copies the rest, starts the target. */
export async function cutOver(step: Step): Promise<void> {
  await work(step.seconds);
  if (step.fail)
    throw stop(`Cutover of ${step.server} failed: health check of the target answers 500`, 'CutoverFailed');
}

/** Repeating the step would not help: a person has to look. */
function stop(message: string, type: string): ApplicationFailure {
  return ApplicationFailure.create({ message, type, nonRetryable: true });
}

async function work(seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (let left = seconds * 1000; left > 0; left = end - Date.now()) {
    await sleep(Math.min(left, 1000));
    heartbeat();
  }
}
