import type { ComponentChildren } from 'preact';
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { BoardTask, TaskEvent, Timeline } from '../wire';
import { fetchJson } from './feed';
import { FreshnessMark } from './shapes';
import type { TaskStore } from './task-store';
import { clockTime, countOf, deadlineText, deliveryText, fromNow, STATUS_WORDS } from './words';

const WHAT: Record<TaskEvent['what'], string> = {
  report: 'Reported',
  notification: 'Delivered',
  heartbeat: 'Heartbeat',
  found: 'Found in Migration Hub',
  failure: 'Not delivered',
  refused: 'Refused',
  'heartbeats-ended': 'Heartbeats ended',
};

const stateText = ({ status, progressPercent, statusDetail }: Partial<TaskEvent>): string =>
  [
    status && (STATUS_WORDS[status] ?? status),
    progressPercent === undefined ? undefined : `${progressPercent} %`,
    statusDetail,
  ]
    .filter(Boolean)
    .join(' · ');

const Time = ({ at, now }: { at: number; now: number }) => (
  <time dateTime={new Date(at * 1000).toISOString()} title={clockTime(at)}>
    {fromNow(at, now)}
  </time>
);

/** A time at which something is to happen. */
const Due = ({ at, now }: { at: number; now: number }) => (at > now ? <Time at={at} now={now} /> : <>due</>);

/** Fields with what they are, without those that there are not. */
const Facts = ({ of }: { of: [name: string, value: ComponentChildren][] }) => (
  <dl>
    {of.map(([name, value]) =>
      value === undefined || value === '' || value === false ? null : (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ),
    )}
  </dl>
);

type Attached = NonNullable<BoardTask['attachments']>[number];
const ATTACHED: Record<Attached['kind'], string> = {
  resourceAttributes: 'resource attributes',
  discoveredResource: 'discovered resource',
  createdArtifact: 'artifact',
  sourceResource: 'source resource',
};
const nameOf = ({ kind, name }: Attached): string =>
  name === undefined ? ATTACHED[kind] : `${ATTACHED[kind]} ${name}`;
const attachedText = (each: Attached): string =>
  `${nameOf(each)}: ${each.state}${each.failure ? `: ${each.failure.type}: ${each.failure.message}` : ''}`;

function factsOf(task: BoardTask, now: number): [string, ComponentChildren][] {
  const { lastDelivered, pending, nextAttempt, lastFailure, attachments = [], abandoned, counters, owners } = task;
  const { freshness } = task;
  return [
    ['Migration Hub has', lastDelivered ? stateText(lastDelivered) : 'nothing yet'],
    ['Updated', lastDelivered && <Time at={lastDelivered.updateDateTime} now={now} />],
    ['Next heartbeat', task.nextHeartbeatAt !== undefined && <Due at={task.nextHeartbeatAt} now={now} />],
    ['Deadline', lastDelivered && freshness !== 'terminal' && deadlineText(lastDelivered.deadline, freshness, now)],
    ['Pending', pending && stateText(pending)],
    ['Pending since', pending && <Time at={pending.acceptedAt} now={now} />],
    ['Failed tries', pending && pending.attempts > 0 && String(pending.attempts)],
    ['Next try', pending?.nextTryAt !== undefined && <Due at={pending.nextTryAt} now={now} />],
    ['Next attempt', nextAttempt && stateText(nextAttempt)],
    ['Last failure', lastFailure && `${lastFailure.type}: ${lastFailure.message}`],
    ['Time of failure', lastFailure && <Time at={lastFailure.at} now={now} />],
    ['Attached', attachments.length > 0 && attachments.map((each) => <p key={nameOf(each)}>{attachedText(each)}</p>)],
    ['No heartbeats', abandoned && `${abandoned.reason} (${fromNow(abandoned.at, now)})`],
    [
      'Labels',
      Object.entries(task.labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', '),
    ],
    ['Reported by', owners.join(', ')],
    [
      'Counts',
      `${countOf(counters.reports, 'report')}, ${countOf(counters.notifications, 'notification')} (${countOf(counters.heartbeats, 'heartbeat')}), ${countOf(counters.retries, 'retry')}, ${counters.refused} refused, ${countOf(counters.missedDeadlines, 'missed deadline')}`,
    ],
  ];
}

function Entry({ entry, now }: { entry: TaskEvent; now: number }) {
  const delivery = deliveryText(entry);
  return (
    <li class={`${entry.what} ${entry.late ? 'late' : ''}`}>
      <span class="what">{WHAT[entry.what]}</span> <Time at={entry.at} now={now} />
      <p>{stateText(entry)}</p>
      {delivery && <p class="delivery">{delivery}</p>}
      {entry.reason && <p class="why">{entry.reason}</p>}
      {entry.by && <p class="by">by {entry.by.workflowId ?? entry.by.ownerId}</p>}
    </li>
  );
}

/** Fetched anew whenever the task changes, and, where it could not be read, whenever `heard`, which is of the board, does. */
function useTimeline(task: BoardTask, heard: string): Timeline | string | undefined {
  const [timeline, setTimeline] = useState<Timeline | string>();
  const [tries, tryAgain] = useReducer<number, void>((count) => count + 1, 0);
  const hasFailed = useRef(false);
  useEffect(() => {
    if (hasFailed.current) tryAgain();
  }, [heard]);
  const { progressUpdateStream: stream, migrationTaskName: name } = task;
  useEffect(() => {
    let isOver = false;
    hasFailed.current = false;
    const take = (told: Timeline | Error) => {
      if (isOver) return;
      hasFailed.current = told instanceof Error;
      setTimeline(told instanceof Error ? told.message : told);
    };
    fetchJson<Timeline>(`api/history?${new URLSearchParams({ stream, task: name }).toString()}`).then(take, take);
    return () => (isOver = true);
  }, [stream, name, JSON.stringify([task.lastDelivered, task.pending, task.lastFailure, task.counters]), tries]);
  return timeline;
}

/** Beside the list: a name, which gets the focus, and what there is to say of it. */
function Frame({ name, onClose, children }: { name: string; onClose: () => void; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <aside class="panel" aria-label="Task">
      <header>
        <h2 ref={heading} tabIndex={-1}>
          <bdi>{name}</bdi>
        </h2>
        <button type="button" class="plain" aria-label="Close" onClick={onClose}>
          <svg viewBox="0 0 12 12" width="14" height="14" aria-hidden="true">
            <path d="M2 2l8 8M10 2l-8 8" />
          </svg>
        </button>
      </header>
      <div class="scrolled" tabIndex={0} role="region" aria-label="Fields and timeline of the task">
        {children}
      </div>
    </aside>
  );
}

/** All that there is to say of a task. `heard`: see `useTimeline`. */
function Known({ task, now, heard }: { task: BoardTask; now: number; heard: string }) {
  const timeline = useTimeline(task, heard);
  return (
    <>
      <p class="where">
        <bdi>{task.progressUpdateStream}</bdi> <FreshnessMark of={task.freshness} />
      </p>
      <Facts of={factsOf(task, now)} />
      <h3>Timeline</h3>
      {timeline === undefined && <p>Reading the history …</p>}
      {typeof timeline === 'string' && <p class="bad">The history cannot be read: {timeline}</p>}
      {typeof timeline === 'object' && (
        <>
          <ol class="timeline">
            {timeline.entries.map((entry, i) => (
              <Entry key={`${entry.at} ${timeline.entries.length - i}`} entry={entry} now={now} />
            ))}
          </ol>
          {timeline.isCut && <p>Older entries are in the Event History of its heartbeat workflow.</p>}
        </>
      )}
    </>
  );
}

/** In place of a task that the URL names, but that is not there. `isSure`: all tasks have been read. */
const Unknown = ({ stream, isSure }: { stream?: string; isSure: boolean }) => (
  <>
    <p class="where">{stream && <bdi>{stream}</bdi>}</p>
    <p role="status">
      {isSure
        ? 'Nobody has reported this task in this namespace within its Retention Period. Check the link, and the namespace of this board.'
        : 'Reading the tasks …'}
    </p>
  </>
);

/** The panel of the task that the URL names by its key, `id`. It takes the focus once, also where the task comes later. */
export function Panel({ id, store, now, onClose }: { id: string; store: TaskStore; now: number; onClose: () => void }) {
  const task = store.get(id);
  const [stream, ...name] = id.split(':');
  return (
    <Frame name={name.join(':') || id} onClose={onClose}>
      {task ? (
        <Known task={task} now={now} heard={`${store.link} ${store.status?.lookedAt}`} />
      ) : (
        <Unknown stream={name.length > 0 ? stream : undefined} isSure={store.isWhole} />
      )}
    </Frame>
  );
}
