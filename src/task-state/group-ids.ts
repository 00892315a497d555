import { heartbeatWorkflowId } from '../report/names';
import type { TaskIdentity } from '../report';

/** What the id of a heartbeat workflow tells. */
export interface HeartbeatId {
  progressUpdateStream: string;
  /** How many groups share the stream's tasks; 0 where each task has a workflow of its own. */
  groups: number;
}

/** Reads an id that `heartbeatWorkflowId` made; undefined for any other. */
export function parseHeartbeatId(id: string): HeartbeatId | undefined {
  const [prefix, progressUpdateStream, task, of, count, ...more] = id.split(':');
  if (prefix !== 'mgh' || !progressUpdateStream || !task || more.length > 0) return undefined;
  if (of === undefined) return { progressUpdateStream, groups: 0 };
  const groups = Number(count);
  // Only as it would be written: `01` or `1e3` is no number of ours.
  const isOurs = of === 'of' && groups >= 1 && String(groups) === count && Number.isInteger(groups);
  return isOurs ? { progressUpdateStream, groups } : undefined;
}

/** The workflows of a stream that have one number of groups. */
export interface StreamGroups extends HeartbeatId {
  workflows: number;
  /** The id of one of them. */
  example: string;
}

/** Counts heartbeat workflows by stream and number of groups; ids of another form do not count. */
export function streamGroups(ids: Iterable<string>): StreamGroups[] {
  const all = new Map<string, StreamGroups>();
  for (const id of ids) {
    const parsed = parseHeartbeatId(id);
    if (!parsed) continue;
    const key = `${parsed.progressUpdateStream}:${parsed.groups}`;
    const known = all.get(key);
    if (known) known.workflows++;
    else all.set(key, { ...parsed, workflows: 1, example: id });
  }
  return [...all.values()];
}

/**
 * What does not go with the number of groups that is set. `held`: the stream is held with another one only. `mixed`: with the
 * one that is set as well, as while tasks move, or where somebody reports with the old number: those are handed over.
 */
export function groupMismatches(
  ids: Iterable<string>,
  groupsOf: (progressUpdateStream: string) => number,
): { held: StreamGroups[]; mixed: StreamGroups[] } {
  const found = streamGroups(ids);
  const isSet = ({ progressUpdateStream, groups }: HeartbeatId) => groups === groupsOf(progressUpdateStream);
  const fitting = new Set(found.filter(isSet).map(({ progressUpdateStream }) => progressUpdateStream));
  const others = found.filter((each) => !isSet(each));
  return {
    held: others.filter(({ progressUpdateStream }) => !fitting.has(progressUpdateStream)),
    mixed: others.filter(({ progressUpdateStream }) => fitting.has(progressUpdateStream)),
  };
}

/** The workflows of other numbers of groups that could hold the task which `id` has met. */
export function rivalIds(task: TaskIdentity, id: string, groups: Iterable<number>): string[] {
  return [...new Set(groups)].map((count) => heartbeatWorkflowId(task, count)).filter((each) => each !== id);
}
