import { DescribeMigrationTaskCommand, type MigrationTask } from '@aws-sdk/client-migration-hub';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportedState } from '../../task-state';
import type { Said } from '../aws-access';
import { isNotPermitted } from '../../migration-hub/errors';
import { isThrottled, notChecked, ok, problem, THROTTLED, type Check, type Finding } from '../check';
import type { Setup } from '../setup';
import { homeRegion } from './home-region';
import { stream } from './stream';
import { UNKNOWN } from './task';

/** A notification may be on its way between the two looks. */
const LOOKS = 3;
const PAUSE_MS = 1000;
const LOOK_AT =
  'find the other writer in CloudTrail (NotifyMigrationTaskState of this task) and stop it: a task must have one writer';

/** Does Migration Hub hold what was delivered last, or has somebody else written? */
export const taskAtHub: Check = {
  name: 'task at Migration Hub',
  needs: [stream.name, homeRegion.name],
  limitSeconds: 15,
  applies: ({ asked }) => asked.task !== undefined,
  async ask(setup, signal) {
    if (!setup.state) return UNKNOWN;
    for (let look = 1; ; look++) {
      const said = await describe(setup, signal);
      setup.held = said.answer;
      const finding = compare(setup.state, said);
      if (finding.result !== 'problem' || look === LOOKS) return finding;
      await sleep(PAUSE_MS, undefined, { signal });
      const { progressUpdateStream, migrationTaskName }: ReportedState = setup.state;
      setup.state = (await setup.hub.lastReportedState(progressUpdateStream, migrationTaskName)) ?? setup.state;
    }
  },
};

async function describe({ aws, asked }: Setup, signal: AbortSignal): Promise<Said<MigrationTask>> {
  const keys = { ProgressUpdateStream: asked.stream, MigrationTaskName: asked.task };
  const said = await aws.say(signal, (o) => aws.client.send(new DescribeMigrationTaskCommand(keys), o));
  return { ...said, answer: said.answer?.MigrationTask };
}

function compare({ lastDelivered: ours, pending }: ReportedState, said: Said<MigrationTask>): Finding {
  const { type, message, mend, answer: theirs } = said;
  if (isNotPermitted(type)) return notChecked('the credentials lack mgh:DescribeMigrationTask');
  if (type === 'ResourceNotFoundException')
    return ours
      ? problem(
          'Migration Hub does not know it any more',
          'its stream was deleted: report the task again, which registers it again',
        )
      : notChecked('Migration Hub does not know it yet: nothing was delivered');
  if (isThrottled(type)) return THROTTLED;
  if (type !== 'answer') return problem(`${type}: ${message}`, mend);
  const { Task: state, UpdateDateTime: time } = theirs ?? {};
  const held = state?.Status
    ? `${state.Status}${state.ProgressPercent === undefined ? '' : ` ${state.ProgressPercent} %`} of ${time?.toISOString() ?? 'an unknown time'}`
    : 'no state';
  if (!ours)
    return state?.Status && !pending
      ? problem(`holds ${held}, which these workers did not deliver`, LOOK_AT)
      : ok(`holds ${held}`);
  const delivered = `${ours.status}${ours.progressPercent === undefined ? '' : ` ${ours.progressPercent} %`} of ${new Date(ours.updateDateTime * 1000).toISOString()}`;
  const isOurs =
    Math.floor((time?.getTime() ?? 0) / 1000) === ours.updateDateTime &&
    state?.Status === ours.status &&
    state.ProgressPercent === ours.progressPercent;
  return isOurs
    ? ok(`holds what was delivered last: ${held}`)
    : problem(`holds ${held}, but ${delivered} was delivered: somebody else writes it`, LOOK_AT);
}
