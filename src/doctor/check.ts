import type { Setup } from './setup';

/** What became of a check. */
export type Result = 'ok' | 'warning' | 'problem' | 'not checked';

/** The answer to the question of a check. */
export interface Finding {
  /** `problem`: it keeps reports from Migration Hub, or will. `warning`: somebody should look at it. `not checked`: it could not be asked. */
  result: Result;
  /** What was found, in one line. */
  found: string;
  /** What to do about it. */
  mend?: string;
}

/** One question. */
export interface Check {
  /** What it is about; unique. */
  name: string;
  /** Checks, by name, that come before: where one of them has found a problem, the question would only find its consequences. */
  needs?: string[];
  /** Seconds after which an answer is not waited for. @default 5 */
  limitSeconds?: number;
  /** False where there is nothing to ask, so that no line is written. @default always */
  applies?(setup: Setup): boolean;
  /** Asks. An error is a problem, in the words of its message. */
  ask(setup: Setup, signal: AbortSignal): Promise<Finding>;
}

/** All is well. */
export const ok = (found: string): Finding => ({ result: 'ok', found });
/** Somebody should look at it. */
export const warning = (found: string, mend?: string): Finding => ({ result: 'warning', found, mend });
/** It keeps reports from Migration Hub, or will. */
export const problem = (found: string, mend?: string): Finding => ({ result: 'problem', found, mend });
/** It could not be asked, and why. */
export const notChecked = (found: string, mend?: string): Finding => ({ result: 'not checked', found, mend });
/** The mend of what an earlier problem is likely the cause of. */
export const FIRST_THE_PROBLEM = 'fix the problem above first';

/** Whether an answer, by its name, means that the call was throttled. */
export const isThrottled = (type: string): boolean => type === 'ThrottlingException';
/** The finding of a check whose call was throttled. */
export const THROTTLED = notChecked('Migration Hub throttles', 'try again: workers slow down by themselves');
