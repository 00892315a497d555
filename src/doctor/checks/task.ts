import { isReported, type ReportedState } from '../../task-state';
import { durationInWords } from '../../cli/time-words';
import { FIRST_THE_PROBLEM, notChecked, ok, problem, warning, type Check, type Finding } from '../check';
import type { Setup } from '../setup';
import { readTasks } from '../read-tasks';
import { causeOf, isHeldUp, untakenOf, waitingOf } from '../task-causes';
import { stream } from './stream';

const GUESS_MS = 3000;
const GUESSED_FROM = 2000;

/** Of what cannot be asked about a task that nobody knows. */
export const UNKNOWN: Finding = notChecked(`first fix "task"`);

/** What was last reported of the task, and does it hold? */
export const task: Check = {
  name: 'task',
  needs: [stream.name],
  limitSeconds: 20,
  applies: ({ asked }) => asked.task !== undefined,
  async ask(setup) {
    const { stream = '', task = '' } = setup.asked;
    const state = await setup.hub.lastReportedState(stream, task);
    if (!state) return unknown(setup, stream, task);
    setup.state = state;
    return findingOf(state, setup.hasProblem);
  },
};

async function unknown(setup: Setup, stream: string, task: string): Promise<Finding> {
  const same = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  let seen = 0;
  let guess: string | undefined;
  await readTasks(setup, GUESS_MS, ({ migrationTaskName: name }) => {
    if (same(name) === same(task)) guess = name;
    return guess !== undefined || ++seen > GUESSED_FROM;
  });
  return problem(
    `nobody has reported a task ${task} of stream ${stream} to namespace ${setup.asked.temporal.namespace}`,
    guess ? `did you mean ${guess}?` : `check the name: the command status ${stream} lists them`,
  );
}

function findingOf(state: ReportedState, hasProblem: boolean): Finding {
  const well = inOrder(state, Date.now() / 1000);
  if (well) return attachmentsToo(well, state, hasProblem);
  const { freshness } = state;
  const { why, mend } = causeOf(state);
  const waiting = freshness === 'terminal' && `${waitingOf(state)?.status} is not delivered yet`;
  const found = [`${freshness}: ${deliveredOf(state)}`, waiting, why].filter(Boolean).join('; ');
  if (hasProblem) return warning(found, FIRST_THE_PROBLEM);
  // Until its deadline, Migration Hub shows what is true.
  return freshness === 'at-risk' || freshness === 'fresh' ? warning(found, mend) : problem(found, mend);
}

function deliveredOf({ lastDelivered }: ReportedState): string {
  if (!lastDelivered) return 'nothing delivered yet';
  const { status, progressPercent: percent } = lastDelivered;
  return `${status}${percent === undefined ? '' : ` ${percent} %`} delivered`;
}

/** Why the state is as it must be; undefined where it is not. */
function inOrder(state: ReportedState, now: number): string | undefined {
  const { freshness, lastDelivered } = state;
  const delivered = deliveredOf(state);
  const waiting = waitingOf(state);
  if (freshness === 'terminal' && !waiting) return `${delivered}: the task has ended`;
  if (freshness === 'fresh' && lastDelivered && !state.abandoned)
    return `${delivered}, fresh for ${durationInWords(lastDelivered.deadline - now)}`;
  if (freshness !== 'never-delivered' && freshness !== 'terminal') return undefined;
  if (waiting && !isHeldUp(state, now))
    return `${delivered}; ${waiting.status} was accepted ${durationInWords(now - waiting.acceptedAt)} ago and is on its way`;
  // Artifacts and source resources may come before the first report.
  if (!isReported(state)) return 'not reported yet: it has only artifacts or source resources, which may come first';
  return undefined;
}

/** What was attached may be refused while statuses are delivered. */
function attachmentsToo(found: string, state: ReportedState, hasProblem: boolean): Finding {
  const { why, mend } = untakenOf(state);
  if (!why) return ok(found);
  return warning(`${found}; ${why}`, hasProblem ? FIRST_THE_PROBLEM : mend);
}
