import { ok, problem, warning, type Check, type Finding } from '../check';
import { namesIn } from '../../report/names-in';
import { causeOf, isOnlyAttachedTo } from '../task-causes';
import type { Freshness, ReportedState } from '../../task-state';
import { stream } from './stream';

const READ_MS = 8000;

/** Those that need somebody, the worst first, and what is said of them. */
const TROUBLE: [freshness: Freshness, words: string, finding: typeof problem][] = [
  ['stale', 'stale', problem],
  ['unattended', 'unattended', problem],
  ['never-delivered', 'not delivered yet', warning],
  ['at-risk', 'at risk: the last try failed', warning],
];

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
    const byFreshness = new Map<Freshness | typeof UNREPORTED, ReportedState[]>();
    let read = 0;
    let isCut = false;
    for await (const state of hub.list({ progressUpdateStream: asked.stream })) {
      const key = isOnlyAttachedTo(state) ? UNREPORTED : state.freshness;
      byFreshness.set(key, [...(byFreshness.get(key) ?? []), state]);
      read++;
      if ((isCut = performance.now() > end)) break;
    }
    const counted = `${isCut ? 'the first ' : ''}${read} read: ${[...byFreshness].map(([freshness, { length }]) => `${length} ${freshness}`).join(', ')}`;
    const worst = TROUBLE.find(([freshness]) => byFreshness.has(freshness));
    if (!worst) return ok(counted);
    return troubleOf(worst, byFreshness.get(worst[0]) ?? [], { counted, hasProblem });
  },
};

/** What was found before is likely the cause; then this is no problem of its own. */
function troubleOf(
  [, words, finding]: (typeof TROUBLE)[number],
  states: ReportedState[],
  { counted, hasProblem }: { counted: string; hasProblem: boolean },
): Finding {
  const names = namesIn(states.map(({ migrationTaskName }) => migrationTaskName).sort());
  const found = `${counted}; ${words}: ${names}`;
  if (hasProblem) return warning(found, 'fix the problem above first');
  const [first] = states;
  const { why, mend } = first ? causeOf(first) : {};
  const of = first && states.length > 1 ? `${first.migrationTaskName}: ` : '';
  return finding(why ? `${found}; ${of}${why}` : found, mend);
}
