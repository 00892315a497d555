import { activityInfo, getClient, log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { bounded } from '../async/bounded';
import { runsOf, type Run } from '../client/heartbeat-lists';
import { neverLists, orNone } from '../client/heartbeat-workflows';
import { groupFromHistory } from '../client/history/group-from-history';
import type { EarlierEnd, NotifyItem, ReadBack, TaskGroup } from '../task-state';

/**
 * Finds what an earlier run of the heartbeat workflow knew of an end; undefined where none did, as of an end that another writer sent.
 * @throws what kept it from reading them: it may pass
 */
export type FindEnd = (item: NotifyItem, found: ReadBack) => Promise<EarlierEnd | undefined>;

/** The notifications of the round wait for each answer. */
const READ_MS = 5000;
/** For the other tasks of the round, also where something could not be read. */
const KEPT_MS = 10_000;
/** Runs that are read, until one knows: those after the end had attachments alone, or reports that were refused. */
const RUNS = 10;

/** Asks Temporal for the histories of the earlier runs of the heartbeat workflow whose activity this is. One for each worker. */
export function endFinder(): FindEnd {
  // The tasks of a round are of one heartbeat workflow.
  let last: { key: string; until: number; runs: EarlierRuns } | undefined;
  return async ({ migrationTaskName, register = {} }, { updateDateTime }) => {
    const { workflowId, runId } = activityInfo().workflowExecution ?? {};
    if (!workflowId || !runId) return undefined;
    const key = `${workflowId}/${runId}`;
    if (last?.key !== key || performance.now() > last.until)
      last = { key, until: performance.now() + KEPT_MS, runs: new EarlierRuns(getClient(), workflowId, runId) };
    return last.runs.find((group) => group.endOf(migrationTaskName, updateDateTime, register));
  };
}

/** The runs of a heartbeat workflow before one, the newest first. Each is read once, when it is its turn. */
class EarlierRuns {
  private listed?: Promise<Run[] | undefined>;
  private readonly groups = new Map<string, Promise<TaskGroup | undefined>>();

  constructor(
    private readonly client: Client,
    private readonly workflowId: string,
    private readonly own: string,
  ) {}

  /** Of the newest one that has it. */
  async find(what: (group: TaskGroup) => EarlierEnd | undefined): Promise<EarlierEnd | undefined> {
    const runs = (await (this.listed ??= this.ask(() => runsOf(this.client, this.workflowId)))) ?? [];
    for (const { runId } of runs.filter(({ runId }) => runId !== this.own).slice(0, RUNS)) {
      const group = await this.groupOf(runId);
      const found = group && what(group);
      if (found) return found;
    }
    return undefined;
  }

  private groupOf(runId: string): Promise<TaskGroup | undefined> {
    const group =
      this.groups.get(runId) ?? this.ask(() => orNone(groupFromHistory(this.client, this.workflowId, runId)));
    this.groups.set(runId, group);
    return group;
  }

  /** Undefined where the server, or the account, will never say. */
  private async ask<T>(what: () => Promise<T>): Promise<T | undefined> {
    try {
      return await bounded(READ_MS, undefined, (signal) => this.client.withAbortSignal(signal, what));
    } catch (error) {
      if (!neverLists(error)) throw error;
      log.warn(
        'the runs that ended tasks may not be read: a report in a new `run` begins an attempt, any other one is judged by its time',
        { workflowId: this.workflowId, reason: String(error) },
      );
      return undefined;
    }
  }
}
