import type { Client } from '@temporalio/client';
import { Remembered } from '../async/remembered';
import { numbersAt, type GroupNumbers, type TaskIdentity } from '../report';
import type { TaskStateView } from '../task-state';
import { heartbeatWorkflowId } from './heartbeat-workflow-id';
import { describeOpen, isNotFound, query } from './heartbeat-workflows';
import { groupFromHistory } from './history/group-from-history';
import type { GroupsSetting } from './settings';
import { makeGroupNumbers, readGroupNumbers, readNumbersEver, setGroupNumber } from './stream-groups';

/** How long what was read of a stream, and which task an earlier group holds, is believed. */
const STREAM_MS = 10_000;
const HELD_MS = 60_000;

/**
 * Which heartbeat workflow a task has. The stream's number of groups decides, which all who report read at one place; a task
 * that an open heartbeat workflow of an earlier number holds stays there to its end.
 */
export class GroupRoutes {
  private readonly streams = new Remembered<GroupNumbers>(STREAM_MS);
  private readonly open = new Remembered<boolean>(STREAM_MS);
  private readonly held = new Remembered<boolean>(HELD_MS);
  /** Streams whose number was set: once, since workers with different numbers would set it in turn for ever. */
  private readonly set = new Set<string>();

  /** `sets`: a number that is set explicitly becomes the stream's, as of a worker; else it only counts for a new stream. */
  constructor(
    private readonly groups: GroupsSetting,
    private readonly sets: boolean,
  ) {}

  /** The id of the heartbeat workflow that a report of the task is sent to. */
  async workflowIdOf(client: Client, task: TaskIdentity): Promise<string> {
    const numbers = numbersAt(await this.numbersOf(client, task.progressUpdateStream), Date.now() / 1000);
    for (const earlier of numbers.slice(0, -1).reverse()) {
      const id = heartbeatWorkflowId(task, earlier);
      const isOpen = await this.open.get(id, async () => (await describeOpen(client, id)) !== undefined);
      // A group of one holds its task, whatever it knows of it.
      if (isOpen && (earlier === 0 || (await this.holds(client, id, task)))) return id;
    }
    return heartbeatWorkflowId(task, numbers.at(-1));
  }

  /** The ids of all heartbeat workflows that may know the task, the likeliest first. Makes nothing. */
  async candidates(client: Client, task: TaskIdentity): Promise<string[]> {
    const { progressUpdateStream: stream } = task;
    const newestFirst = [...((await readNumbersEver(client, stream)) ?? [this.groups.of(stream) ?? 0])].reverse();
    return [...new Set(newestFirst)].map((groups) => heartbeatWorkflowId(task, groups));
  }

  /** What the first of the candidates answers that knows the task; else the last answer, undefined where none is there. */
  async firstToKnow<T>(
    client: Client,
    task: TaskIdentity,
    ask: (workflowId: string) => Promise<T>,
    knows: (answer: T) => boolean,
  ): Promise<T | undefined> {
    let last: T | undefined;
    for (const id of await this.candidates(client, task)) {
      try {
        last = await ask(id);
        if (knows(last)) return last;
      } catch (error) {
        // Of an earlier number of groups, it may have ended long ago.
        if (!isNotFound(error)) throw error;
      }
    }
    return last;
  }

  private numbersOf(client: Client, stream: string): Promise<GroupNumbers> {
    return this.streams.get(stream, async () => {
      const wanted = this.groups.of(stream);
      const numbers = (await readGroupNumbers(client, stream)) ?? (await makeGroupNumbers(client, stream, wanted));
      if (this.sets && wanted !== undefined && !this.set.has(stream)) {
        if (numbers.groups.at(-1) !== wanted) await setGroupNumber(client, stream, wanted);
        this.set.add(stream);
      }
      return numbers;
    });
  }

  private holds(client: Client, id: string, task: TaskIdentity): Promise<boolean> {
    return this.held.get(`${id}:${task.migrationTaskName}`, async () => {
      const name = task.migrationTaskName;
      // Without a worker the history tells.
      const view = await query<TaskStateView | null>(client, id, name).catch(async (error: unknown) => {
        if (isNotFound(error)) throw error;
        return (await groupFromHistory(client, id)).view(name, Date.now() / 1000) as TaskStateView | null;
      });
      // A full group remembers a task that it refused.
      return view !== null && (view.counters.reports > 0 || isToBeAttached(view));
    });
  }
}

/** What nobody has reported yet may wait to be attached something to: who else changes that would be overtaken by it. */
const isToBeAttached = ({ attachments = [] }: TaskStateView): boolean =>
  attachments.some(({ state }) => state === 'pending');
