import { activityInfo, getClient, log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { callsWithin } from '../client/calls-within';
import { heartbeatWorkflowId } from '../client/heartbeat-workflow-id';
import { runsOf, type Run } from '../client/heartbeat-lists';
import { neverLists, orNone } from '../client/heartbeat-workflows';
import { groupFromHistory } from '../client/history/group-from-history';
import { readNumbersEver } from '../client/stream-groups';
import type { EarlierEnd, NotifyItem, ReadBack, TaskGroup } from '../task-state';

/**
 * Finds what an earlier heartbeat workflow of the task knew of an end; undefined where none did, as of an end that another writer sent.
 * @throws what kept it from reading them: it may pass
 */
export type FindEnd = (item: NotifyItem, found: ReadBack) => Promise<EarlierEnd | undefined>;

/** The notifications of the round wait for each answer. */
const READ_MS = 5000;
/** For the other tasks of the round, also where something could not be read. */
const KEPT_MS = 10_000;
/** Runs that are read, until one knows: those after the end had attachments alone, or reports that were refused. */
const RUNS = 10;

/**
 * Asks Temporal for the histories of the earlier runs of the heartbeat workflow whose activity this is, then of those that the task had
 * under earlier numbers of groups. One for each worker.
 */
export function endFinder(): FindEnd {
  // The tasks of a round are of one heartbeat workflow.
  let last: { key: string; until: number; runs: Map<string, EarlierRuns>; numbers?: Promise<number[]> } | undefined;
  return async ({ progressUpdateStream, migrationTaskName, register = {} }, { updateDateTime }) => {
    const { workflowId: own, runId } = activityInfo().workflowExecution ?? {};
    if (!own || !runId) return undefined;
    const client = getClient();
    const key = `${own}/${runId}`;
    if (last?.key !== key || performance.now() > last.until)
      last = { key, until: performance.now() + KEPT_MS, runs: new Map() };
    const kept = last;
    const runsOfId = (id: string) => {
      const ofId = kept.runs.get(id) ?? new EarlierRuns(client, id, runId);
      kept.runs.set(id, ofId);
      return ofId;
    };
    const endIn = (group: TaskGroup) => group.endOf(migrationTaskName, updateDateTime, register);
    const found = await runsOfId(own).find(endIn);
    if (found || (await runsOfId(own).isHidden)) return found;
    // Under an earlier number of groups the task had another heartbeat workflow.
    const task = { progressUpdateStream, migrationTaskName };
    kept.numbers ??= asked(client, own, () => readNumbersEver(client, progressUpdateStream)).then((all) => all ?? []);
    const ids = new Set([...(await kept.numbers)].reverse().map((groups) => heartbeatWorkflowId(task, groups)));
    ids.delete(own);
    for (const id of ids) {
      const there = await runsOfId(id).find(endIn);
      if (there) return there;
    }
    return undefined;
  };
}

/** The runs of a heartbeat workflow, but for the one that asks, the newest first. Each is read once, when it is its turn. */
class EarlierRuns {
  private listed?: Promise<Run[] | undefined>;
  private readonly groups = new Map<string, Promise<TaskGroup | undefined>>();

  constructor(
    private readonly client: Client,
    private readonly workflowId: string,
    private readonly own: string,
  ) {}

  /** The server, or the account, never lists them. */
  get isHidden(): Promise<boolean> {
    return this.list().then((runs) => runs === undefined);
  }

  /** Of the newest one that has it. */
  async find(what: (group: TaskGroup) => EarlierEnd | undefined): Promise<EarlierEnd | undefined> {
    const runs = (await this.list()) ?? [];
    for (const { runId } of runs.filter(({ runId }) => runId !== this.own).slice(0, RUNS)) {
      const group = await this.groupOf(runId);
      const found = group && what(group);
      if (found) return found;
    }
    return undefined;
  }

  private list(): Promise<Run[] | undefined> {
    return (this.listed ??= asked(this.client, this.workflowId, () => runsOf(this.client, this.workflowId)));
  }

  private groupOf(runId: string): Promise<TaskGroup | undefined> {
    const group =
      this.groups.get(runId) ??
      asked(this.client, this.workflowId, () => orNone(groupFromHistory(this.client, this.workflowId, runId)));
    this.groups.set(runId, group);
    return group;
  }
}

/** Undefined where the server, or the account, will never say. */
async function asked<T>(client: Client, workflowId: string, what: () => Promise<T>): Promise<T | undefined> {
  try {
    return await callsWithin(client, READ_MS, undefined, what);
  } catch (error) {
    if (!neverLists(error)) throw error;
    log.warn(
      'this worker may not read earlier runs of the heartbeat workflow: allow it to list and read workflows. Until then a report after an end begins an attempt if it is of `run`, or of a workflow run that started after the end',
      { workflowId, reason: String(error) },
    );
    return undefined;
  }
}
