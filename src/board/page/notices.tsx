import type { TaskStore } from './task-store';
import { clockTime, duration } from './words';

/** How old is what is shown, and where it is from. */
export function Age({ store, now }: { store: TaskStore; now: number }) {
  const { status } = store;
  if (!status) return <p class="age">Connecting …</p>;
  const { lookedAt, lookSeconds = 0, namespace } = status;
  return (
    <p class="age">
      <span>
        Namespace <bdi>{namespace}</bdi>
      </span>{' '}
      {lookedAt === undefined ? (
        <span>Reading the tasks for the first time …</span>
      ) : (
        <span title={`Read at ${clockTime(lookedAt)}; it took ${lookSeconds.toFixed(1)} s`}>
          Read <b class="number">{duration(now - lookedAt)}</b> ago
        </span>
      )}
    </p>
  );
}

/** What is wrong with the data, the worst first. */
export function Notices({ store, now }: { store: TaskStore; now: number }) {
  const { status, link } = store;
  const notices: [kind: string, text: string][] = [];
  if (link === 'lost') notices.push(['bad', 'The board does not answer. The data on this page is old. Trying again …']);
  if (status?.unreadable)
    notices.push([
      'bad',
      `Reading from Temporal has failed for ${duration(now - status.unreadable.since)}. The data on this page is old. ${status.unreadable.why}`,
    ]);
  if (status?.unserved?.length)
    notices.push([
      'bad',
      `No worker polls the task queue ${status.unserved.join(' or ')}. Nothing is sent to Migration Hub. This page reads Event Histories and needs no worker.`,
    ]);
  return (
    <div class="notices" role="status">
      {notices.map(([kind, text]) => (
        <p key={text} class={kind}>
          <svg viewBox="0 0 12 12" width="14" height="14" aria-hidden="true">
            <path d="M6 .8 11.6 11H.4ZM6 4v3.4M6 8.6v1" />
          </svg>
          {text}
        </p>
      ))}
    </div>
  );
}
