import type { Account } from '../hub/account';
import type { StoredTask } from '../hub/stored-task';
import type { Switches } from '../hub/switches';

/** What an operation works on. */
export interface Context {
  /** The account of the caller. */
  account: Account;
  /** The undocumented behaviours. */
  switches: Switches;
  /** The emulator's clock, epoch seconds. */
  now: () => number;
}

/** One operation of the API. */
export interface Operation {
  /** What must exist; checked before a dry run only when the switch `dryRunAfter` is `existence`. */
  needs?: 'stream' | 'task';
  /**
   * Whether it is refused while the stream that the input names is being deleted. The API reference names Create, Import, Notify
   * and Associate; not PutResourceAttributes and Disassociate.
   */
  refusedWhileDeleting?: true;
  /** Whether this write is allowed outside the home region, as the API reference documents for Delete. */
  allowedElsewhere?: true;
  /**
   * Carries out the operation and returns its output.
   * @param input an input that is valid by the model
   * @throws MigrationHubError
   */
  run(context: Context, input: never): object;
}

/** The members that identify a migration task. */
export interface TaskKey {
  /** The stream. */
  ProgressUpdateStream: string;
  /** The task. */
  MigrationTaskName: string;
}

/**
 * The task that an input names.
 * @throws MigrationHubError ResourceNotFoundException
 */
export const taskOf = ({ account }: Context, input: TaskKey): StoredTask =>
  account.store.task(input.ProgressUpdateStream, input.MigrationTaskName);
