import { condition, defineSignal, log, setHandler, upsertMemo } from '@temporalio/workflow';
import { GROUPS_HOLD_AFTER_SECONDS, MAX_GROUPS, numbersAt, SET_GROUPS_SIGNAL, type GroupNumbers } from '../report';

/** Earlier numbers that are remembered: tasks may still be held by heartbeat workflows of them. */
const REMEMBERED_NUMBERS = 8;

const setGroups = defineSignal<[number]>(SET_GROUPS_SIGNAL);

/**
 * Holds a stream's number of groups, in its memo. Whoever reports reads it there, so that all who report a task agree on its
 * heartbeat workflow; Temporal's lists of workflows lag behind. A change is announced before it holds, so that all have read it
 * by then. It costs a few events per stream and stays open; when a programme is over it may be terminated.
 */
export async function migrationStream(given: GroupNumbers): Promise<void> {
  let numbers = given;
  setHandler(
    setGroups,
    (number) => {
      if (!Number.isInteger(number) || number < 0 || number > MAX_GROUPS)
        return log.warn(`a number of groups was left out: it must be an integer from 0 to ${MAX_GROUPS}`, { number });
      const now = Date.now() / 1000;
      // One that does not hold yet gives way.
      const known = numbersAt(numbers, now);
      const isBack = known.at(-1) === number;
      const groups = isBack ? known : [...known, number].slice(-REMEMBERED_NUMBERS);
      numbers = { groups, since: isBack ? 0 : Math.ceil(now) + GROUPS_HOLD_AFTER_SECONDS };
      upsertMemo({ ...numbers });
    },
    { description: 'Sets the number of groups that new tasks of the stream share, from some seconds later on' },
  );
  await condition(() => false);
}
