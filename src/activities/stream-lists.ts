import { getClient, log } from '@temporalio/activity';
import { openHeartbeats } from '../client/heartbeat-workflows';
import { streamGroups } from '../task-state';

/** The least time from the end of one list of a stream to the begin of the next, in one process. */
const PAUSE_MS = 500;
const LIST_MS = 10_000;
/** gRPC's codes for a server or an account that will never list. */
const NEVER_LISTS = new Set([3, 7, 12]);

/** What is listed next, for all who ask before it begins; and the list under way. */
interface Lists {
  next?: Promise<Set<number>>;
  before: Promise<unknown>;
}

/**
 * Which numbers of groups a stream's open heartbeat workflows have, by a list that begins after the question. Of two
 * workflows that meet a task at the same time at least one so finds the other. Those who ask while a list is under way
 * share the next one: however many tasks begin at once, it is a list or two a second.
 */
export class StreamLists {
  private readonly byStream = new Map<string, Lists>();

  of(stream: string): Promise<Set<number>> {
    const lists = this.byStream.get(stream) ?? { before: Promise.resolve() };
    this.byStream.set(stream, lists);
    lists.next ??= lists.before.then(() => {
      lists.next = undefined;
      const listed = list(stream);
      const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      const over = listed.catch(() => undefined).then(pause);
      lists.before = over;
      void over.then(() => {
        if (lists.before === over && !lists.next) this.byStream.delete(stream);
      });
      return listed;
    });
    return lists.next;
  }
}

async function list(stream: string): Promise<Set<number>> {
  const client = getClient();
  try {
    const ids = await client.withDeadline(Date.now() + LIST_MS, () => openHeartbeats(client, stream));
    return new Set(streamGroups(ids).map(({ groups }) => groups));
  } catch (error) {
    const { code, message } = ((error as Error).cause ?? error) as { code?: unknown; message: string };
    if (!NEVER_LISTS.has(code as number)) throw error;
    log.warn('open heartbeat workflows could not be listed: none of another number of groups is looked for', {
      stream,
      reason: message,
    });
    return new Set();
  }
}
