import { isReported, type ReportedState } from '../../task-state';
import { durationInWords } from '../../cli/time-words';
import { listTasks } from '../../client/task-lists';
import { notChecked, ok, problem, warning, type Check, type Finding } from '../check';
import type { Setup } from '../setup';
import { causeOf, untakenOf } from '../task-causes';
import { stream } from './stream';

const GUESS_MS = 3000;
const GUESSED_FROM = 2000;
/** A report that was accepted a moment ago is on its way. */
const ON_ITS_WAY_SECONDS = 15;

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

async function unknown({ client, asked }: Setup, stream: string, task: string): Promise<Finding> {
  const same = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const end = performance.now() + GUESS_MS;
  let seen = 0;
  let guess: string | undefined;
  for await (const { migrationTaskName: name } of listTasks(client, stream)) {
    if (same(name) === same(task)) guess = name;
    if (guess || ++seen > GUESSED_FROM || performance.now() > end) break;
  }
  return problem(
    `nobody has reported a task ${task} of stream ${stream} to namespace ${asked.temporal.namespace}`,
    guess ? `did you mean ${guess}?` : `check the name: the command status ${stream} lists them`,
  );
}

function findingOf(state: ReportedState, hasProblem: boolean): Finding {
  const { freshness, lastDelivered, pending } = state;
  const percent = lastDelivered?.progressPercent;
  const delivered = lastDelivered
    ? `${lastDelivered.status}${percent === undefined ? '' : ` ${percent} %`} delivered`
    : 'nothing delivered yet';
  const now = Date.now() / 1000;
  if (freshness === 'terminal') return ok(`${delivered}: the task has ended`);
  if (freshness === 'fresh' && lastDelivered && !state.abandoned)
    return ok(`${delivered}, fresh for ${durationInWords(lastDelivered.deadline - now)}`);
  const waited = pending ? now - pending.acceptedAt : Infinity;
  if (freshness === 'never-delivered' && pending?.attempts === 0 && waited < ON_ITS_WAY_SECONDS)
    return ok(`${delivered}; ${pending.status} was accepted ${durationInWords(waited)} ago and is on its way`);
  if (freshness === 'never-delivered' && !isReported(state)) return unreported(state, hasProblem);
  const { why, mend } = causeOf(state);
  const found = [`${freshness}: ${delivered}`, why].filter(Boolean).join('; ');
  if (hasProblem) return warning(found, 'fix the problem above first');
  // Until its deadline, Migration Hub shows what is true.
  return freshness === 'at-risk' || freshness === 'fresh' ? warning(found, mend) : problem(found, mend);
}

/** It was given artifacts or source resources alone, which may come before the first report. */
function unreported(state: ReportedState, hasProblem: boolean): Finding {
  const found = 'not reported yet: it has only artifacts or source resources, which may come first';
  const { why, mend } = untakenOf(state);
  if (!why) return ok(found);
  return warning(`${found}; ${why}`, hasProblem ? 'fix the problem above first' : mend);
}
