import { setTimeout as sleep } from 'node:timers/promises';
import { TASK_QUEUE, type TaskIdentity } from '../report';
import { checkNumber } from '../report/configuration-error';
import { DELIVERY_FIELDS } from '../report/fields';
import { checkOptionNames, checkOptions } from '../report/option-names';
import { deliveryOf, type ReportedState, type ReportKey } from '../task-state';
import { isNoNamespace, lastFailureOf, whyOf } from './heartbeat-workflows';
import type { Reading } from './state-reader';

/** Migration Hub did not get a report in the time given. */
export class DeliveryTimeoutError extends Error {
  override readonly name = 'DeliveryTimeoutError';
}
/** A report came after the task's terminal state. */
export class ReportRefusedError extends Error {
  override readonly name = 'ReportRefusedError';
}

/** A report that its heartbeat workflow has; what `waitForDelivery` takes. */
export interface AcceptedReport extends TaskIdentity, ReportKey {}

/** How `waitForDelivery` waits. */
export interface DeliveryWaitOptions {
  /** 0 to 31536000 s. @default 300 */
  timeoutSeconds?: number;
  /** Called once, with why, when no worker answers; the wait goes on. */
  onUnanswered?: (why: string) => void;
}

/** A look has so long, however short the wait is, or what is left of it: nobody is said not to answer who had no time to. */
const LOOK_MS = 5000;

/** Reads a task again and again until its report is delivered. `read` has until `end` (epoch milliseconds). */
export async function waitForDelivery(
  report: AcceptedReport,
  options: DeliveryWaitOptions,
  read: (task: TaskIdentity, end: number) => Promise<Reading>,
): Promise<ReportedState> {
  const { progressUpdateStream, migrationTaskName, ownerId, sequence } = report;
  checkOptions('report', { progressUpdateStream, migrationTaskName, ownerId, sequence }, DELIVERY_FIELDS, 'report.');
  checkOptionNames('waitForDelivery', options, { timeoutSeconds: true, onUnanswered: true });
  const { timeoutSeconds = 300 } = options;
  let { onUnanswered } = options;
  checkNumber('timeoutSeconds', timeoutSeconds, { min: 0, max: 365 * 86_400 });
  const end = Date.now() + timeoutSeconds * 1000;
  const task = `${progressUpdateStream}/${migrationTaskName}`;
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 5000)) {
    const { states, unanswered } = await read(report, Math.max(end, Date.now() + LOOK_MS)).catch(asUnanswered);
    const [view = null] = states;
    const { outcome, reason } = deliveryOf(view, report);
    if (view && outcome === 'delivered') return view;
    if (outcome === 'refused') throw new ReportRefusedError(`the report of ${task} was refused: ${reason}`);
    const left = end - Date.now();
    if (left <= 0) {
      const why = whyNot(view, unanswered);
      throw new DeliveryTimeoutError(`${task} was not delivered within ${timeoutSeconds} s${why}`);
    }
    if (unanswered !== undefined) {
      onUnanswered?.(unanswered);
      onUnanswered = undefined;
    }
    await sleep(Math.min(pause, left));
  }
}

/** An error that may pass is a reason why nobody answered. */
function asUnanswered(error: unknown): Reading {
  if (isNoNamespace(error)) throw error;
  return { states: [], unanswered: whyOf(error) };
}

function whyNot(view: ReportedState | null, unanswered: string | undefined): string {
  const nobody = `; nobody answered: does a worker serve the task queue ${TASK_QUEUE}? (${unanswered})`;
  const next =
    view?.freshness === 'unattended'
      ? '; its heartbeat workflow has ended: report it again'
      : '; the report is kept, and sent as soon as it can be';
  return (unanswered === undefined ? '' : nobody) + lastFailureOf(view) + next;
}
