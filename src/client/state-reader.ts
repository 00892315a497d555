import type { Client } from '@temporalio/client';
import { bounded, CallTimeoutError } from '../async/bounded';
import { Remembered } from '../async/remembered';
import { callsWithin } from './calls-within';
import { parseHeartbeatId, runsOf, type Run } from './heartbeat-lists';
import { isOpen, orNone, query, whyOf } from './heartbeat-workflows';
import { groupFromHistory, UnreadableHistoryError } from './history/group-from-history';
import { isReported, mergedLabels, type AttachmentView, type ReportedState, type TaskStateView } from '../task-state';

/** What a reader found out. */
export interface Reading {
  /** Of the tasks asked for, those that are known. */
  states: ReportedState[];
  /** Why no worker answered, where none did. */
  unanswered?: string;
}

/** Of the latest run of a heartbeat workflow. */
interface LatestReading extends Reading {
  runId: string;
  isOpen: boolean;
}

type Labels = Record<string, string>;

/** What earlier runs of heartbeat workflows had as labels of their tasks, for who reads again and again. */
export type EarlierLabels = Remembered<Labels>;

/** An ended run does not change, but another one may end. */
const REMEMBER_MS = 60_000;

/** For the readers of one client. */
export const rememberLabels = (): EarlierLabels => new Remembered(REMEMBER_MS);

type Answer = TaskStateView | TaskStateView[] | null;

/** A query waits for a worker that was there until recently; then the history is read. All together: below 20 s. */
const DESCRIBE_MS = 5000;
const WORKER_MS = 5000;
const HISTORY_MS = 9000;
/** One task is shown without the labels of earlier runs rather than late. */
const LABELS_MS = 5000;
/** Of each answer to one that asks no worker, and can wait. */
const LISTED_MS = 60_000;

/** How a `StateReader` asks. */
export interface ReaderOptions {
  /** Epoch milliseconds by which there must be an answer. */
  end?: number;
  /** Ends what is being asked. */
  signal?: AbortSignal;
  /** No worker is asked: a query makes it replay each run that it does not hold in its cache. */
  byHistory?: boolean;
  /** Labels of earlier runs are looked for: of one task only where the newest run has none, since that costs a list. */
  earlierLabels?: EarlierLabels;
}

function noneIfUnreadable(error: unknown): Labels {
  if (error instanceof UnreadableHistoryError) return {};
  throw error;
}

/** Asks heartbeat workflows: a worker by the query, or, where none answers or the workflow has ended, their history. Judged now. */
export class StateReader {
  /** Nobody serves the queue: found out once, it counts for all that this reader asks. */
  private unserved?: string;

  constructor(
    private readonly client: Client,
    private readonly options: ReaderOptions = {},
  ) {}

  /**
   * One task, of the heartbeat workflows that may know it, the likeliest first. An open one that knows it counts; else what is left
   * of it: in the latest runs, or, where a group was started again without it, in earlier ones.
   */
  async readTask(workflowIds: string[], name: string): Promise<Reading> {
    const reading = await this.findTask(workflowIds, name);
    const { earlierLabels } = this.options;
    const [state] = reading.states;
    if (!earlierLabels || !state || Object.keys(state.labels).length > 0) return reading;
    const find = () => earlierLabels.get(`${workflowIds.join()} ${name}`, () => this.labelsEver(workflowIds, name));
    // Labels are for people: what cannot be read of them leaves the state as it is.
    const labels = await bounded(LABELS_MS, this.options.signal, find).catch(() => ({}));
    return { ...reading, states: [{ ...state, labels }] };
  }

  private async findTask(workflowIds: string[], name: string): Promise<Reading> {
    const left: ReportedState[] = [];
    const ignorant: { id: string; runId: string }[] = [];
    let unanswered: string | undefined;
    for (const id of workflowIds) {
      const reading = await this.readLatest(id, name);
      if (!reading) continue;
      if (reading.isOpen && reading.states.some(isReported))
        return { ...reading, states: withReported([...left.filter((each) => !isReported(each)), ...reading.states]) };
      unanswered ??= reading.unanswered;
      left.push(...reading.states);
      if (!reading.states.some(isReported)) ignorant.push({ id, runId: reading.runId });
    }
    for (const { id, runId } of ignorant) {
      const runs = await this.within(LISTED_MS, () => runsOf(this.client, id));
      left.push(...(await this.readEarlier(id, name, { runs, latest: runId })));
    }
    return { states: newestOf(withReported(left)), unanswered };
  }

  /** All tasks of a heartbeat workflow, those that only its earlier `runs` (the newest first) know included, by history. */
  async readGroup(workflowId: string, runs: Run[]): Promise<ReportedState[]> {
    const states = (await orNone(this.readHistory(workflowId, null))) ?? [];
    // The latest run of a group of one knows its task.
    const reported = states.filter(isReported);
    if (reported.length > 0 && parseHeartbeatId(workflowId)?.groups === 0)
      return this.withEarlierLabels(workflowId, states, runs);
    const latest = await orNone(this.describe(workflowId));
    return withReported([
      ...states,
      ...(await this.readEarlier(workflowId, null, { runs, latest: latest?.runId }, reported)),
    ]);
  }

  /** The states of the latest run of a group of one, with the labels that its earlier runs had. */
  private async withEarlierLabels(workflowId: string, states: ReportedState[], runs: Run[]): Promise<ReportedState[]> {
    const earlier = runs.slice(1);
    const { earlierLabels } = this.options;
    if (!earlierLabels || earlier.length === 0) return states;
    const key = [workflowId, ...earlier.map(({ runId }) => runId)].join();
    // A run that cannot be decoded is lost for labels alone.
    const before = await earlierLabels.get(key, () => this.labelsIn(workflowId, null, earlier)).catch(noneIfUnreadable);
    return states.map((state) => ({ ...state, labels: mergedLabels(before, state.labels) }));
  }

  /** The labels of a task in all runs that have ended, of all heartbeat workflows that may know it. */
  private async labelsEver(workflowIds: string[], name: string): Promise<Labels> {
    let labels: Labels = {};
    for (const id of workflowIds) {
      const runs = await this.within(LABELS_MS, () => runsOf(this.client, id));
      const ended = runs.filter(({ isOpen }) => !isOpen);
      labels = mergedLabels(await this.labelsIn(id, name, ended), labels);
    }
    return labels;
  }

  /** Those of some runs, the newest first; of one task, or, in a group of one, with null. */
  private async labelsIn(workflowId: string, name: string | null, runs: Run[]): Promise<Labels> {
    let labels: Labels = {};
    for (const { runId } of runs)
      for (const state of (await orNone(this.readHistory(workflowId, name, runId))) ?? [])
        labels = mergedLabels(state.labels, labels);
    return labels;
  }

  /** One task, or all with null. Undefined where there is no such workflow (any more). */
  private async readLatest(workflowId: string, name: string | null): Promise<LatestReading | undefined> {
    const description = await orNone(this.describe(workflowId));
    if (!description) return undefined;
    const run = { runId: description.runId, isOpen: isOpen(description.status.name) };
    const mayAsk = run.isOpen && !this.options.byHistory;
    const answer = mayAsk ? (this.unserved ?? (await this.ask(workflowId, name))) : undefined;
    if (Array.isArray(answer)) return { ...run, states: answer };
    const states = await orNone(this.readHistory(workflowId, name));
    return states && { ...run, states, unanswered: answer };
  }

  private describe(workflowId: string) {
    return this.within(DESCRIBE_MS, () => this.client.workflow.getHandle(workflowId).describe());
  }

  /** What only earlier runs know, each task of the newest of them that knows it. What is known gets their labels. */
  private async readEarlier(
    workflowId: string,
    name: string | null,
    { runs, latest }: { runs: Run[]; latest?: string },
    known: ReportedState[] = [],
  ): Promise<ReportedState[]> {
    const newest = new Map(known.map((state) => [state.migrationTaskName, state]));
    const found: ReportedState[] = [];
    for (const { runId } of runs) {
      if (runId === latest || (name !== null && found.some(isReported))) continue;
      for (const state of (await orNone(this.readHistory(workflowId, name, runId))) ?? []) {
        const newer = newest.get(state.migrationTaskName);
        if (newer) newer.labels = mergedLabels(state.labels, newer.labels);
        else found.push(state);
        if (!newer && isReported(state)) newest.set(state.migrationTaskName, state);
      }
    }
    return found;
  }

  /** Of one run, by default the latest. */
  private async readHistory(workflowId: string, name: string | null, runId?: string): Promise<ReportedState[]> {
    const group = await this.within(HISTORY_MS, () => groupFromHistory(this.client, workflowId, runId));
    const now = Date.now() / 1000;
    // The query's answer must fit a payload; this need not.
    const answer = name === null ? group.states(now) : group.view(name, now);
    // Plain JSON, as the query's answer is.
    return statesOf(JSON.parse(JSON.stringify(answer)) as Answer, 'history');
  }

  /** What the worker answers, or why there is no answer. */
  private async ask(workflowId: string, name: string | null): Promise<ReportedState[] | string> {
    // Half of a short time is left for the history.
    const limit = Math.max(0, Math.min(WORKER_MS, ((this.options.end ?? Infinity) - Date.now()) / 2));
    try {
      const ask = () => query<Answer>(this.client, workflowId, name, Date.now() / 1000);
      return statesOf(await this.within(limit, ask), 'query');
    } catch (error) {
      const why = whyOf(error);
      if (isUnserved(error)) this.unserved = why;
      return why;
    }
  }

  /** Gives up after `ms`; a deadline that the caller has set holds, too. One slow answer must not end a list of thousands. */
  private within<T>(ms: number, work: () => Promise<T>): Promise<T> {
    const { byHistory, signal } = this.options;
    return callsWithin(this.client, byHistory ? LISTED_MS : ms, signal, work);
  }
}

/** Of each task the state that was last reported or delivered, with the labels of all. */
export function newestOf(states: ReportedState[]): ReportedState[] {
  const newest = new Map<string, ReportedState>();
  for (const state of states) {
    const known = newest.get(state.migrationTaskName);
    newest.set(state.migrationTaskName, known ? newerOf(known, state) : state);
  }
  return [...newest.values()];
}

function newerOf(one: ReportedState, other: ReportedState): ReportedState {
  const [older, newer] = lastTimeOf(one) < lastTimeOf(other) ? [one, other] : [other, one];
  return { ...newer, labels: mergedLabels(older.labels, newer.labels) };
}

/** What was attached to a task after its heartbeat workflow had ended is shown with what was reported before. Newer runs come first. */
function withReported(states: ReportedState[]): ReportedState[] {
  const attached = states.filter((state) => !isReported(state));
  if (attached.length === 0) return states;
  const tasks = new Map(newestOf(states.filter(isReported)).map((each) => [each.migrationTaskName, each]));
  for (const each of attached) if (!tasks.has(each.migrationTaskName)) tasks.set(each.migrationTaskName, each);
  for (const each of attached.reverse())
    tasks.set(each.migrationTaskName, joined(tasks.get(each.migrationTaskName) ?? each, each));
  return [...tasks.values()];
}

/** What Migration Hub was found to hold counts where it is newer. */
function joined(base: ReportedState, attached: ReportedState): ReportedState {
  const isNewer = (attached.lastDelivered?.updateDateTime ?? 0) > (base.lastDelivered?.updateDateTime ?? 0);
  const isSame = (one: AttachmentView) => (other: AttachmentView) => one.kind === other.kind && one.name === other.name;
  const newer = attached.attachments ?? [];
  const older = (base.attachments ?? []).filter((each) => !newer.some(isSame(each)));
  return {
    ...base,
    ...(isNewer && { lastDelivered: attached.lastDelivered, freshness: attached.freshness }),
    attachments: [...older, ...newer],
    source: attached.source,
  };
}

const lastTimeOf = ({ lastDelivered, pending }: TaskStateView): number =>
  Math.max(lastDelivered?.updateDateTime ?? 0, pending?.acceptedAt ?? 0);

const statesOf = (answer: Answer, source: ReportedState['source']): ReportedState[] =>
  [answer ?? []].flat().map((view) => ({ ...view, source }));

/** No worker polls the queue, or one that did is gone. */
const isUnserved = (error: unknown): boolean => error instanceof CallTimeoutError || /no poller/.test(whyOf(error));
