import { Client } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { ConfigurationError } from '../report/configuration-error';
import { openHeartbeats } from '../client/heartbeat-workflows';
import type { ReportSettings } from '../client/settings';
import { groupMismatches, type StreamGroups } from '../task-state';
import type { WorkerConnection } from './workers';

/** A server that does not list in this time does not keep a worker from starting. */
const LIST_MS = 10_000;

/**
 * Looks at the open heartbeat workflows before a worker serves them.
 * @throws ConfigurationError where a stream is held with another number of groups than is set: reports would go to others than
 * hold its tasks.
 */
export async function checkGroups(temporal: WorkerConnection, groupsOf: ReportSettings['groupsOf']): Promise<void> {
  const { connection, namespace, dataConverter } = temporal;
  const warn = (message: string) => Runtime.instance().logger.warn(message);
  let ids: string[];
  try {
    const client = new Client({ connection, namespace, dataConverter });
    ids = await client.withDeadline(Date.now() + LIST_MS, () => openHeartbeats(client));
  } catch (error) {
    const { message } = ((error as Error).cause ?? error) as Error;
    return warn(
      `open heartbeat workflows could not be listed (${message}): whether their streams have as many groups as are set is not known`,
    );
  }
  const { held, mixed } = groupMismatches(ids, groupsOf);
  for (const each of mixed)
    warn(`${found(each, groupsOf)}; they hand their tasks over, or can be told to: ${wayOut(each, groupsOf)}`);
  const [first, ...more] = held;
  if (!first) return;
  const others = more.length > 0 ? ` (so are ${more.length} more: ${more.map(named).join(', ')})` : '';
  throw new ConfigurationError(
    `${found(first, groupsOf)}${others}: start with groups ${first.groups} for this stream until they have ended, or ` +
      `move its tasks: while a worker with groups ${first.groups} runs, ${wayOut(first, groupsOf)}, then start with the new number`,
  );
}

type GroupsOf = ReportSettings['groupsOf'];

const named = ({ progressUpdateStream, groups }: StreamGroups) => `${progressUpdateStream} with groups ${groups}`;

function found({ progressUpdateStream, groups, workflows, example }: StreamGroups, groupsOf: GroupsOf): string {
  const set = groupsOf(progressUpdateStream);
  return `groups is ${set} for the stream ${progressUpdateStream}, but ${workflows} open heartbeat workflow${workflows === 1 ? '' : 's'} of it (such as ${example}) have groups ${groups}`;
}

const wayOut = ({ progressUpdateStream }: StreamGroups, groupsOf: GroupsOf): string =>
  `call regroup(client, ${JSON.stringify({ progressUpdateStream, groups: groupsOf(progressUpdateStream) })}) of temporal-migration-hub`;
