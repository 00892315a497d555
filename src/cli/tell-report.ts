import type { AcceptedReport } from '../client/delivery';
import type { MigrationHubClient } from '../client/migration-hub-client';
import type { TaskIdentity, TaskState } from '../report';
import { deliveryOf, type ReportedState } from '../task-state';
import { CliError, EXIT } from './cli-error';
import { inWords } from './error-words';
import { note, writeOne, type OutputFlags } from './output';
import { WAIT_SECONDS } from './report-options';
import { timeInWords } from './time-words';

/** What was reported. */
type Reported = TaskIdentity & TaskState;

/** The flags of a command that reports. */
export interface TellFlags extends OutputFlags {
  /** `--wait`: seconds; true where none are given. */
  wait?: number | true;
}

/** Nobody is left to wonder for longer. */
const SILENT_MS = 1000;
const KEPT = 'the report is kept until one delivers it';

/**
 * Writes what was accepted, and, with `--wait`, that Migration Hub has it. A report that comes after the end of its task is accepted,
 * too, and then refused. @throws CliError where it was
 */
export async function tellReport(
  hub: MigrationHubClient,
  accepted: AcceptedReport,
  { status, progressPercent, statusDetail, ...task }: Reported,
  flags: TellFlags,
): Promise<void> {
  const name = nameOf(task);
  const state =
    flags.wait === undefined
      ? await asked(hub, accepted)
      : await untilDelivered(hub, accepted, flags.wait === true ? WAIT_SECONDS : flags.wait);
  const { outcome, reason } = deliveryOf(state, accepted);
  if (outcome === 'refused')
    throw new CliError(
      `the report of ${name} was refused: ${reason}${/reopen: true/.test(reason ?? '') ? ' (here: --reopen)' : ''}`,
      EXIT.outcome,
    );
  noteOtherPercent(state, progressPercent);
  const { ownerId, sequence } = accepted;
  const row = { ...task, status, progressPercent, statusDetail, ownerId, sequence, delivered: outcome === 'delivered' };
  writeOne(
    row,
    [
      ['task', name],
      [
        'accepted',
        [status, progressPercent !== undefined && `${progressPercent} %`, statusDetail].filter(Boolean).join(', '),
      ],
      ['delivered', deliveredInWords(state, row.delivered, flags)],
    ],
    flags,
  );
  if (state?.source === 'history' && !row.delivered) note(`no Migration Hub worker answers: ${KEPT}`);
}

/** Within an attempt the percent does not fall: what is less is taken for what was reported before. */
function noteOtherPercent(state: ReportedState | null, reported: number | undefined): void {
  const held = (state?.nextAttempt ?? state?.pending ?? state?.lastDelivered)?.progressPercent;
  if (reported !== undefined && held !== undefined && held > reported)
    note(`the percent is ${held}, not ${reported}: it does not fall within an attempt, unless with --allow-decrease`);
}

const nameOf = ({ progressUpdateStream, migrationTaskName }: TaskIdentity): string =>
  `${progressUpdateStream}/${migrationTaskName}`;

/** The state after something was accepted; null where that cannot be asked for: the command has done what it was run for. */
export async function whatBecameOf(hub: MigrationHubClient, task: TaskIdentity): Promise<ReportedState | null> {
  try {
    return await hub.lastReportedState(task.progressUpdateStream, task.migrationTaskName);
  } catch (error) {
    note(`${nameOf(task)}: accepted; whether it is delivered could not be asked: ${inWords(error)}`);
    return null;
  }
}

/** The same of a report: a worker is given some seconds to answer, and that it is accepted is said before. */
async function asked(hub: MigrationHubClient, accepted: AcceptedReport): Promise<ReportedState | null> {
  const say = () => note(`${nameOf(accepted)}: accepted; asking whether it is delivered`);
  const timer = setTimeout(say, SILENT_MS);
  try {
    return await whatBecameOf(hub, accepted);
  } finally {
    clearTimeout(timer);
  }
}

function untilDelivered(hub: MigrationHubClient, accepted: AcceptedReport, timeoutSeconds: number) {
  note(`${nameOf(accepted)}: accepted; waiting for Migration Hub, ${timeoutSeconds} s at most`);
  const onUnanswered = (why: string) => note(`no Migration Hub worker answers (${why}): ${KEPT}; still waiting`);
  return hub.waitForDelivery(accepted, { timeoutSeconds, onUnanswered });
}

function deliveredInWords(state: ReportedState | null, isDelivered: boolean, { timeFormat }: OutputFlags): string {
  const { updateDateTime, deadline } = state?.lastDelivered ?? {};
  if (!isDelivered || updateDateTime === undefined) return 'not yet: the command status shows it, --wait waits for it';
  const until = state?.freshness === 'terminal' ? '' : `; deadline ${timeInWords(deadline, timeFormat)}`;
  return `${timeInWords(updateDateTime, timeFormat)}${until}`;
}
