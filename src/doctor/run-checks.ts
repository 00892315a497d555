import { bounded, CallTimeoutError } from '../async/bounded';
import { ConfigurationError } from '../report/configuration-error';
import { causeInWords } from '../cli/error-words';
import { notChecked, problem, type Check, type Finding } from './check';
import type { Setup } from './setup';

/** All checks together take no longer; the rest of 30 s is for connecting and ending. */
const TOTAL_MS = 27_000;
const LIMIT_SECONDS = 5;
const LEAST_MS = 10;
/** What a payload cannot be read for, as this package and the Temporal SDK say it. */
const UNREADABLE = /lack a codec of the workers|Unknown encoding: /;

/** What a check has found. */
export interface CheckFinding extends Finding {
  /** The name of the check. */
  check: string;
}

/** Told of what happens, while it happens. */
export interface Listener {
  /** A check begins. */
  asking(check: string): void;
  /** It is over. */
  found(finding: CheckFinding): void;
}

/** Runs the checks in their order; those that need what is broken are not asked. */
export async function runChecks(
  checks: Check[],
  setup: Setup,
  listener: Listener,
  totalMs = TOTAL_MS,
): Promise<CheckFinding[]> {
  /** By name of a check that found a problem, or was not asked or answered: the name of that from which this follows. */
  const causes = new Map<string, string>();
  const end = performance.now() + totalMs;
  const findings: CheckFinding[] = [];
  for (const check of checks) {
    if (check.applies?.(setup) === false) continue;
    const { name } = check;
    const cause = check.needs?.map((each) => causes.get(each)).find((each) => each !== undefined);
    listener.asking(name);
    const finding = cause
      ? notChecked(`first fix "${cause}"`)
      : await askWithin(check, setup, end - performance.now(), () => causes.set(name, name));
    if (cause) causes.set(name, cause);
    if (finding.result === 'problem') {
      causes.set(name, name);
      setup.hasProblem = true;
    }
    findings.push({ check: name, ...finding });
    listener.found({ check: name, ...finding });
  }
  return findings;
}

/** `unanswered`: called where nothing was learnt, so that what needs this check cannot be asked. */
async function askWithin(check: Check, setup: Setup, leftMs: number, unanswered: () => void): Promise<Finding> {
  const ownMs = (check.limitSeconds ?? LIMIT_SECONDS) * 1000;
  const isCut = leftMs < ownMs;
  const noTime = notChecked('no time left: earlier checks took too long');
  if (leftMs < LEAST_MS) {
    unanswered();
    return noTime;
  }
  try {
    return await bounded(Math.min(ownMs, leftMs), undefined, (signal) => check.ask(setup, signal));
  } catch (error) {
    unanswered();
    if (error instanceof CallTimeoutError && isCut) return noTime;
    if (UNREADABLE.test((error as Error).message))
      return notChecked(
        'what was reported is encrypted, and cannot be read here',
        'set --plugins to the module that exports the codec of the workers',
      );
    if (error instanceof CallTimeoutError) return problem(error.message);
    if (error instanceof ConfigurationError) {
      const [found = '', ...mend] = error.message.split(': ');
      return problem(found, mend.join(': ') || undefined);
    }
    const { cause, mend } = causeInWords(error);
    return problem(cause, mend);
  }
}
