import { CHECKS } from './checks';
import { runChecks, type CheckFinding, type Listener } from './run-checks';
import { Setup, type Asked } from './setup';

/** Looks at all between a report and Migration Hub. Changes nothing: it reads, and makes dry runs. */
export async function examine(asked: Asked, listener: Listener): Promise<CheckFinding[]> {
  const setup = new Setup(asked);
  try {
    return await runChecks(CHECKS, setup, listener);
  } finally {
    await setup.close();
  }
}
