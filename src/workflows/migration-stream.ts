import { condition, defineSignal, setHandler, upsertMemo } from '@temporalio/workflow';
import { MAX_GROUPS, SET_GROUPS_SIGNAL } from '../report';

/** Earlier numbers that are remembered: tasks may still be held by heartbeat workflows of them. */
const REMEMBERED_NUMBERS = 8;

const setGroups = defineSignal<[number]>(SET_GROUPS_SIGNAL);

/**
 * Holds a stream's number of groups, in its memo `groups`: the newest last, which is where new tasks go. Whoever reports reads
 * it there, so that all who report a task agree on its heartbeat workflow; Temporal's lists of workflows lag behind.
 * It costs a few events per stream and stays open; when a programme is over it may be terminated.
 */
export async function migrationStream(groups: number[]): Promise<void> {
  let numbers = groups;
  setHandler(
    setGroups,
    (number) => {
      if (!Number.isInteger(number) || number < 0 || number > MAX_GROUPS || numbers.at(-1) === number) return;
      numbers = [...numbers.filter((each) => each !== number), number].slice(-REMEMBERED_NUMBERS);
      upsertMemo({ groups: numbers });
    },
    { description: 'Sets the number of groups that new tasks of the stream share' },
  );
  await condition(() => false);
}
