import { noticesOf } from './notice-words';
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
      {lookedAt === undefined || !store.isWhole ? (
        <span>Reading the tasks …</span>
      ) : (
        <span title={`Read at ${clockTime(lookedAt)}; it took ${lookSeconds.toFixed(1)} s`}>
          Read <b class="number">{duration(now - lookedAt)}</b> ago
        </span>
      )}
    </p>
  );
}

/** What is wrong with the data. A screen reader tells of what is new: so one that stays must stay as it is. */
export const Notices = ({ store }: { store: TaskStore }) => (
  <div class="notices" role="status" aria-atomic="false">
    {noticesOf(store).map(({ about, text, why }) => (
      <p key={about} class="bad">
        <svg viewBox="0 0 12 12" width="14" height="14" aria-hidden="true">
          <path d="M6 .8 11.6 11H.4ZM6 4v3.4M6 8.6v1" />
        </svg>
        <span>
          {text} {why && <span>{why}</span>}
        </span>
      </p>
    ))}
  </div>
);
