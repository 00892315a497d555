import { folded, toTaskName, type InventoryServer } from '../../inventory';
import { isReported, type ReportedState } from '../../task-state';

/** What is known of a task of the stream. */
export type KnownTask = Pick<ReportedState, 'migrationTaskName' | 'labels'> & {
  /** Else it was only attached something to. */
  isReported: boolean;
};

/** The tasks of a stream, found as names are compared in files. */
export class KnownTasks {
  private readonly tasks = new Map<string, KnownTask[]>();

  /** One more. */
  add(state: Pick<ReportedState, 'migrationTaskName' | 'labels' | 'counters'>): void {
    const { migrationTaskName, labels } = state;
    const key = keyOf(migrationTaskName);
    const task = { migrationTaskName, labels, isReported: isReported(state) };
    const there = this.tasks.get(key);
    if (there) there.push(task);
    else this.tasks.set(key, [task]);
  }

  /** The task of this name. */
  get(name: string): KnownTask | undefined {
    return this.tasks.get(keyOf(name))?.find(({ migrationTaskName }) => migrationTaskName === name);
  }

  /** The name of a task that differs from this one only in case, blanks or what does not show, where no task has this name. */
  otherSpelling(name: string): string | undefined {
    return this.get(name) ? undefined : this.tasks.get(keyOf(name))?.[0]?.migrationTaskName;
  }
}

const keyOf = (name: string): string => folded(toTaskName(name));

/** For people: what a server of the files has otherwise than the task of its name, which may be of another server. */
export function conflictOf(server: InventoryServer, { labels }: Pick<KnownTask, 'labels'>): string | undefined {
  const told = (['wave', 'application'] as const).flatMap((name) => {
    const [before, now] = [labels[name], server[name]];
    return before === undefined || now === undefined || before === now
      ? []
      : [`${name} ${JSON.stringify(before)}, not ${JSON.stringify(now)}`];
  });
  if (told.length === 0) return undefined;
  const what = `the task ${JSON.stringify(server.migrationTaskName)} was reported before with ${told.join(', and with ')}`;
  return `${what}: it is left alone. If this is another server, give it another name.`;
}
