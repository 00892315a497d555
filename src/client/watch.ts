import { bounded, CallTimeoutError } from '../async/bounded';
import { checkNumber } from '../report/configuration-error';
import { checkOptions } from '../report/option-names';
import { must, optional, type Checks } from '../report/fields';
import { whyOf } from './heartbeat-workflows';
import { UnreadableHistoryError } from './history/group-from-history';
import type { Look } from './task-lists';
import type { ReportedState } from '../task-state';

const STANDARD_SECONDS = 5;

/** How tasks are watched. */
export interface WatchOptions {
  /** Seconds between the end of one look and the next: 1 to 86400. @default 5 */
  intervalSeconds?: number;
  /** Ends the watch, without an error. */
  signal?: AbortSignal;
}

const OPTIONS: Checks<WatchOptions> = {
  intervalSeconds: () => undefined,
  signal: optional(must((value) => value instanceof AbortSignal, 'it must be an AbortSignal')),
};

/** @throws ConfigurationError naming what is wrong, or misspelt */
export function checkWatchOptions(options: WatchOptions): void {
  checkOptions('watch, in its second argument,', options, OPTIONS);
  const { intervalSeconds = STANDARD_SECONDS } = options;
  checkNumber('intervalSeconds', intervalSeconds, { min: 1, max: 86_400 });
}

/** gRPC's codes of what passes: CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE. */
const MAY_PASS = [1, 2, 4, 8, 10, 13, 14];

/**
 * The state of each task at first, then whenever it has changed. Ends by `return()` and by the signal at once, also amid a look;
 * an outage of the Temporal server, or, once something was read, of a codec is waited out, with one warning, and one when it is over.
 */
export function watch(
  look: Look,
  { intervalSeconds = STANDARD_SECONDS, signal }: WatchOptions,
): AsyncIterableIterator<ReportedState> {
  const ending = new AbortController();
  const end = () => ending.abort();
  signal?.addEventListener('abort', end, { once: true, signal: ending.signal });
  if (signal?.aborted) end();
  const changes = changesOf(look, intervalSeconds, ending.signal);
  return {
    async next() {
      try {
        const result = await changes.next();
        if (result.done) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    // A generator alone would first wait for the change that is awaited.
    return() {
      end();
      return changes.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Why a look does not see all its tasks. */
interface Trouble {
  kind: 'away' | 'unreadable' | 'left out';
  text: string;
}

async function* changesOf(look: Look, seconds: number, ending: AbortSignal): AsyncGenerator<ReportedState, void> {
  const seen = new Map<string, string>();
  let told: Trouble['kind'] | undefined;
  while (!ending.aborted) {
    let trouble: Trouble | undefined;
    const leavesOut = (_id: string, why: string) =>
      (trouble ??= { kind: 'left out', text: `a watch leaves tasks out, and goes on: ${why}` });
    try {
      for await (const state of look(ending, leavesOut)) {
        const task = `${state.progressUpdateStream}:${state.migrationTaskName}`;
        const news = newsOf(state);
        if (seen.get(task) === news) continue;
        seen.set(task, news);
        yield state;
        if (ending.aborted) return;
      }
    } catch (error) {
      if (ending.aborted) return;
      trouble = whatPasses(error, seen.size > 0);
    }
    // Once for each, however many looks it lasts.
    if (trouble?.kind !== told) process.emitWarning(trouble?.text ?? 'a watch sees all its tasks again');
    told = trouble?.kind;
    await bounded(seconds * 1000, ending, () => new Promise(() => undefined)).catch(() => undefined);
  }
}

/** Where nothing has been read yet, a codec may be missing, which does not pass. @throws what does not pass */
function whatPasses(error: unknown, hasRead: boolean): Trouble {
  if (error instanceof UnreadableHistoryError && hasRead)
    return { kind: 'unreadable', text: `a watch sees nothing, and goes on: ${error.message}` };
  const code = (error as { cause?: { code?: number } }).cause?.code ?? -1;
  if (!(error instanceof CallTimeoutError) && !MAY_PASS.includes(code)) throw error;
  return { kind: 'away', text: `the Temporal server does not answer a watch, which goes on: ${whyOf(error)}` };
}

/** What a reader of a task cares about, without what changes with each try. */
function newsOf(state: ReportedState): string {
  const { lastDelivered, pending, nextAttempt, freshness, labels, abandoned, counters } = state;
  const stateOf = (each: typeof nextAttempt) =>
    each && [each.status, each.statusDetail, each.progressPercent, each.acceptedAt];
  const attached = state.attachments?.map(({ kind, name, state: its, failure }) => [kind, name, its, failure?.type]);
  const { missedDeadlines, refused } = counters;
  return JSON.stringify([
    lastDelivered && { ...lastDelivered, deliveredAt: undefined },
    stateOf(pending),
    stateOf(nextAttempt),
    state.lastFailure?.type,
    attached,
    freshness,
    labels,
    abandoned,
    missedDeadlines,
    refused,
  ]);
}
