import type { FaultAction, FaultRule, JournalEntry } from '../../src/emulator';
import type { TaskStateView } from '../../src/task-state';
import { byTask, callsOf } from '../calls';
import { fault } from '../judge';
import { shortestGap } from '../pace';
import { Reporter } from '../reporter';
import type { Outcome, Scenario } from '../scenario';
import { nowSeconds, taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 3600;
const TASKS = 5;
const VISIBLE_WITHIN_SECONDS = 5;
const CURED_WITHIN_SECONDS = 35;
/** Seconds between two tries of a task, with some room for the way of a request. */
const SHORTEST_GAP_SECONDS = 29.5;

/** What each kind of trouble answers; `Unknown` has its stream taken away instead, and may not make it anew. */
const KINDS: Record<string, FaultAction['type'] | undefined> = {
  Denied: 'access-denied',
  NoHomeRegion: 'home-region-not-set',
  Expired: 'expired-token',
  Unknown: undefined,
};
const STREAMS = Object.keys(KINDS);

function rules(): FaultRule[] {
  return Object.entries(KINDS).flatMap(([stream, type]): FaultRule[] =>
    type === undefined
      ? ['CreateProgressUpdateStream', 'ImportMigrationTask'].map((operation) => ({
          match: { operation, stream },
          action: { type: 'access-denied' },
        }))
      : [{ match: { stream }, action: { type } as FaultAction }],
  );
}

interface HeldAccount {
  streams: { name: string }[];
  tasks: { stream: string }[];
}

/** As if somebody had deleted the stream `Unknown`. */
function deleteStream({ emulator }: World): void {
  const state = emulator.state() as { accounts: HeldAccount[] };
  const accounts = state.accounts.map((account) => ({
    ...account,
    streams: account.streams.filter(({ name }) => name !== 'Unknown'),
    tasks: account.tasks.filter(({ stream }) => stream !== 'Unknown'),
  }));
  emulator.seed({ ...state, accounts });
}

const ownNames = (stream: string) => taskNames(TASKS, stream.toLowerCase());

async function views(world: World, stream: string): Promise<(TaskStateView | null)[]> {
  const hub = world.hubClient();
  return Promise.all(ownNames(stream).map((task) => hub.lastReportedState(stream, task)));
}

/** Four kinds of trouble that no retry cures, in a group of tasks each. */
export const undeliverable: Scenario = {
  about:
    'access denied, no home region, unknown stream, expired credentials, 10 min: a try in 30 s, visible, cured alone',
  inShort: false,
  async run(context) {
    const { short, log } = context;
    const seconds = short ? 65 : 600;
    const world = await World.make(context, { groups: 1 });
    const { emulator } = world;
    await world.startHubWorker();
    const reporters = STREAMS.map((stream) => ({
      stream,
      reporter: new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS, stream),
    }));
    const reportAll = () =>
      Promise.all(reporters.map(({ stream, reporter }) => reporter.reportAll(ownNames(stream), TASKS)));
    await reportAll();
    if (!(await world.allDelivered(30))) throw new Error('the tasks were not delivered before the trouble');

    deleteStream(world);
    emulator.setFaults(rules());
    await world.sleep(1);
    const from = nowSeconds();
    await reportAll();
    const reportedAt = nowSeconds();
    const hidden = async () => {
      const all = await Promise.all(STREAMS.map((stream) => views(world, stream)));
      return STREAMS.filter((_, i) => !all[i]?.every((view) => view?.lastFailure));
    };
    let unseen: string[] = STREAMS;
    await world.until(VISIBLE_WITHIN_SECONDS, async () => (unseen = await hidden()).length === 0, 0.2);
    const visibleAfter = nowSeconds() - reportedAt;
    log(`after ${visibleAfter.toFixed(1)} s failures are visible of all but ${unseen.join(', ') || 'none'}`);
    await world.sleep(from + seconds - nowSeconds());

    const during = emulator.requests().filter(({ at }) => at >= from);
    const curedFrom = nowSeconds();
    emulator.clearFaults();
    const cured = await world.allDelivered(CURED_WITHIN_SECONDS);
    const curedAfter = nowSeconds() - curedFrom;
    log(cured ? `cured after ${curedAfter.toFixed(1)} s` : 'not cured in time');

    const outcome = await world.judge(`${STREAMS.length} groups of ${TASKS} tasks, ${seconds} s`);
    outcome.notes.push(`cured within ${curedAfter.toFixed(1)} s`, `visible within ${visibleAfter.toFixed(1)} s`);
    if (!cured) outcome.faults.push(`not cured within ${CURED_WITHIN_SECONDS} s`);
    outcome.faults.push(...fault(`groups with failures not visible within ${VISIBLE_WITHIN_SECONDS} s`, unseen));
    for (const stream of STREAMS) judgeTries(outcome, stream, during);
    return outcome;
  },
};

function judgeTries(outcome: Outcome, stream: string, journal: JournalEntry[]): void {
  const entries = journal.filter(({ progressUpdateStream }) => progressUpdateStream === stream);
  const calls = callsOf(entries);
  const gap = shortestGap(calls);
  const tries = Math.max(0, ...[...byTask(calls).values()].map(({ length }) => length));
  outcome.notes.push(`${stream}: at most ${tries} tries a task, ${entries.length - calls.length} other calls`);
  if (tries === 0) outcome.faults.push(`${stream}: nothing was tried`);
  if (gap.seconds < SHORTEST_GAP_SECONDS)
    outcome.faults.push(`${stream}: ${gap.task} was tried again after ${gap.seconds} s, not 30`);
}
