import type { CallOptions } from '../migration-hub/api';
import type { NotifyItem, Outcome } from '../task-state';

/** Is told what becomes of notifications, as it happens in this process; for metrics. It must not throw. */
export interface NotifyObserver {
  /** A NotifyMigrationTaskState that had gone out was answered, or failed, after so many seconds. */
  called(seconds: number): void;
  /** A task of a round had its turn: so it went. Again for each activity attempt in which it has one. */
  tried(item: NotifyItem, outcome: Outcome): void;
}

/** Where nobody wants to know. */
export const NOBODY: NotifyObserver = { called: () => undefined, tried: () => undefined };

/** Makes a call and tells how long it took from the moment it went out; nothing where it never did. */
export async function timed<T>(
  observer: NotifyObserver,
  options: CallOptions,
  call: (options: CallOptions) => Promise<T>,
): Promise<T> {
  let sentAt: number | undefined;
  const beforeSending = () => {
    options.beforeSending?.();
    sentAt = performance.now();
  };
  try {
    return await call({ ...options, beforeSending });
  } finally {
    if (sentAt !== undefined) observer.called((performance.now() - sentAt) / 1000);
  }
}
