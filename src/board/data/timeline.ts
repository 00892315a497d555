import type { Client } from '@temporalio/client';
import { bounded } from '../../async/bounded';
import { GroupRoutes } from '../../client/group-routes';
import { isNotFound } from '../../client/heartbeat-workflows';
import { valuesOf } from '../../client/history/event-values';
import { fetchHistory } from '../../client/history/group-from-history';
import { groupsSetting } from '../../client/settings';
import type { TaskIdentity } from '../../report';
import type { Timeline, TimelineEntry } from '../wire';
import { entriesOf } from './timeline-entries';

const MOST_ENTRIES = 200;
/** Of each heartbeat workflow; one has some hundred events. */
const MOST_RUNS = 10;
const TIMELINE_MS = 15_000;

/** What became of a task's reports, by the newest runs of the heartbeat workflows that may know it. @throws as `groupFromHistory` */
export function timelineOf(client: Client, task: TaskIdentity): Promise<Timeline> {
  return bounded(TIMELINE_MS, undefined, (signal) =>
    client.withAbortSignal(signal, async () => {
      const ids = await new GroupRoutes(groupsSetting(undefined), false).candidates(client, task);
      const told = await Promise.all(ids.map((id) => runsOf(client, id, task)));
      const entries = told.flatMap((each) => each.entries).sort((a, b) => b.at - a.at);
      const isCut = entries.length > MOST_ENTRIES || told.some((each) => each.isCut);
      return { entries: entries.slice(0, MOST_ENTRIES), isCut };
    }),
  );
}

/** From the latest run back to those that it continues. */
async function runsOf(client: Client, workflowId: string, { migrationTaskName }: TaskIdentity): Promise<Timeline> {
  const entries: TimelineEntry[] = [];
  let runId: string | undefined;
  for (let run = 0; run < MOST_RUNS && entries.length <= MOST_ENTRIES; run++) {
    try {
      const history = await fetchHistory(client.workflow, workflowId, runId);
      const events = history.events ?? [];
      const values = await valuesOf(events, client.options, workflowId);
      entries.push(...entriesOf(events, values, migrationTaskName));
      runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
      if (runId === undefined) return { entries, isCut: false };
    } catch (error) {
      // Of a number of groups that is not in use, or past the retention of the namespace.
      if (isNotFound(error)) return { entries, isCut: run > 0 };
      throw error;
    }
  }
  return { entries, isCut: true };
}
