import { condition, defineSignal, log, setHandler, upsertMemo } from '@temporalio/workflow';
import { MAX_GROUPS, numbersAfter, SET_GROUPS_SIGNAL, type GroupNumbers } from '../report';

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
      const next = numbersAfter(numbers, number, Date.now() / 1000);
      if (next) numbers = next;
      else
        log.warn(
          'groups not changed: an earlier change takes effect in a few seconds; then restart the worker to set this number',
          {
            number,
          },
        );
      // Also where nothing is new: histories of before have it.
      upsertMemo({ ...numbers });
    },
    { description: 'Sets the number of groups that new tasks of the stream share, from some seconds later on' },
  );
  await condition(() => false);
}
