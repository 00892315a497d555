import type { CallOptions, MigrationHubApi } from '../migration-hub/api';
import { NOT_MADE } from '../migration-hub/pace';
import type { TaskIdentity } from '../report';
import type { NotifyFailure } from '../task-state';
import { attempt } from './attempt';

/** Makes streams and tasks known to Migration Hub. One for each worker: a stream is created once, and again only when it is gone. */
export class Registration {
  private readonly streams = new Map<string, Promise<NotifyFailure | undefined>>();

  constructor(private readonly hub: MigrationHubApi) {}

  /** CreateProgressUpdateStream once per stream, ImportMigrationTask; both are idempotent. Gives why the task could not be registered. */
  async register(task: TaskIdentity, options: CallOptions): Promise<NotifyFailure | undefined> {
    const first = await this.tryOnce(task, options);
    if (first?.retry !== 'register') return first;
    // The stream that was created is gone, such as in an emulator that was started anew.
    this.streams.delete(task.progressUpdateStream);
    return this.tryOnce(task, options);
  }

  private async tryOnce(task: TaskIdentity, options: CallOptions): Promise<NotifyFailure | undefined> {
    return (await this.streamOf(task, options)) ?? attempt(options, () => this.hub.importMigrationTask(task, options));
  }

  /** Whoever asks meanwhile waits for the one call. */
  private streamOf(task: TaskIdentity, options: CallOptions, isAgain = false): Promise<NotifyFailure | undefined> {
    const name = task.progressUpdateStream;
    const known = this.streams.get(name);
    const again = () => this.streamOf(task, options, true);
    const isOnlyOfOthers = (failure?: NotifyFailure) => !isAgain && NOT_MADE.includes(failure?.type ?? '');
    // What kept another activity from its call need not keep this one.
    if (known) return known.then((failure) => (isOnlyOfOthers(failure) ? again() : failure), again);
    const creating = attempt(options, () => this.hub.createProgressUpdateStream(name, options)).then(
      (failure) => {
        if (failure) this.streams.delete(name);
        return failure;
      },
      // Its own activity was cancelled: the others are not, and try for themselves.
      (error: unknown) => {
        this.streams.delete(name);
        throw error;
      },
    );
    this.streams.set(name, creating);
    return creating;
  }
}
