import { FIRST_THE_PROBLEM, notChecked, ok, problem, warning, type Check, type Finding } from '../check';
import { namesIn } from '../../report/names-in';
import { readTasks } from '../read-tasks';
import { causeOf, isHeldUp, isOnlyAttachedTo, untakenOf } from '../task-causes';
import type { Freshness, ReportedState } from '../../task-state';
import { stream } from './stream';

const READ_MS = 8000;

type Trouble<What> = [what: What, words: string, finding: typeof problem];

/** Those that need somebody, the worst first, and what is said of them. */
const TROUBLE: Trouble<Freshness>[] = [
  ['stale', 'stale', problem],
  ['unattended', 'unattended', problem],
  ['never-delivered', 'not delivered yet', warning],
  ['at-risk', 'at risk: the last try failed', warning],
];

/** Migration Hub shows the end of an attempt, and not the one that has begun since. */
const HELD_UP: Trouble<'attempts'> = ['attempts', 'reported again after the end, which is not delivered yet', warning];

const UNTAKEN: Trouble<'attachments'> = ['attachments', 'not all that was attached is accepted', warning];

/** Those that were only given artifacts or source resources. */
const UNREPORTED = 'not reported yet';

/** Is Migration Hub told the truth about each task of the stream? */
export const tasks: Check = {
  name: 'tasks',
  needs: [stream.name],
  limitSeconds: READ_MS / 1000 + 2,
  applies: ({ asked }) => asked.stream !== undefined && asked.task === undefined,
  async ask(setup) {
    const { hasProblem } = setup;
    const heldUp: ReportedState[] = [];
    const untaken: ReportedState[] = [];
    const byFreshness = new Map<Freshness | typeof UNREPORTED, ReportedState[]>();
    let read = 0;
    const isAll = await readTasks(setup, READ_MS, (state) => {
      const key = isOnlyAttachedTo(state) ? UNREPORTED : state.freshness;
      const those = byFreshness.get(key);
      if (those) those.push(state);
      else byFreshness.set(key, [state]);
      if (state.freshness === 'terminal' && isHeldUp(state, Date.now() / 1000)) heldUp.push(state);
      if (untakenOf(state).why) untaken.push(state);
      read++;
    });
    if (!isAll && read === 0)
      return notChecked(`none could be read within ${READ_MS / 1000} s`, 'the command list reads all');
    const counted = `${isAll ? '' : 'the first '}${read} read: ${[...byFreshness].map(([freshness, { length }]) => `${length} ${freshness}`).join(', ')}`;
    const worst = TROUBLE.find(([freshness]) => byFreshness.has(freshness));
    if (worst) return troubleOf(worst, byFreshness.get(worst[0]) ?? [], { counted, hasProblem, cause: causeOf });
    if (heldUp.length > 0) return troubleOf(HELD_UP, heldUp, { counted, hasProblem, cause: causeOf });
    // Of these, statuses are delivered all the same.
    if (untaken.length > 0) return troubleOf(UNTAKEN, untaken, { counted, hasProblem, cause: untakenOf });
    return ok(counted);
  },
};

/** What was found before is likely the cause; then this is no problem of its own. */
function troubleOf(
  [, words, finding]: Trouble<unknown>,
  states: ReportedState[],
  { counted, hasProblem, cause }: { counted: string; hasProblem: boolean; cause: typeof causeOf },
): Finding {
  const names = namesIn(states.map(({ migrationTaskName }) => migrationTaskName).sort());
  const found = `${counted}; ${words}: ${names}`;
  if (hasProblem) return warning(found, FIRST_THE_PROBLEM);
  const [first] = states;
  const { why, mend } = first ? cause(first) : {};
  const of = first && states.length > 1 ? `${first.migrationTaskName}: ` : '';
  return finding(why ? `${found}; ${of}${why}` : found, mend);
}
