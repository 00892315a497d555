import { FIRST_THE_PROBLEM, ok, problem, warning, type Check, type Finding } from '../check';
import { namesIn } from '../../report/names-in';
import { causeOf, isOnlyAttachedTo, untakenOf } from '../task-causes';
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

const UNTAKEN: Trouble<'attachments'> = ['attachments', 'not all that was attached is accepted', warning];

/** Those that were only given artifacts or source resources. */
const UNREPORTED = 'not reported yet';

/** Is Migration Hub told the truth about each task of the stream? */
export const tasks: Check = {
  name: 'tasks',
  needs: [stream.name],
  limitSeconds: READ_MS / 1000 + 2,
  applies: ({ asked }) => asked.stream !== undefined && asked.task === undefined,
  async ask({ hub, asked, hasProblem }) {
    const end = performance.now() + READ_MS;
    const untaken: ReportedState[] = [];
    const byFreshness = new Map<Freshness | typeof UNREPORTED, ReportedState[]>();
    let read = 0;
    let isCut = false;
    for await (const state of hub.list({ progressUpdateStream: asked.stream })) {
      const key = isOnlyAttachedTo(state) ? UNREPORTED : state.freshness;
      byFreshness.set(key, [...(byFreshness.get(key) ?? []), state]);
      if (untakenOf(state).why) untaken.push(state);
      read++;
      if ((isCut = performance.now() > end)) break;
    }
    const counted = `${isCut ? 'the first ' : ''}${read} read: ${[...byFreshness].map(([freshness, { length }]) => `${length} ${freshness}`).join(', ')}`;
    const worst = TROUBLE.find(([freshness]) => byFreshness.has(freshness));
    if (worst) return troubleOf(worst, byFreshness.get(worst[0]) ?? [], { counted, hasProblem, cause: causeOf });
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
