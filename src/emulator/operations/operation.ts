import type { Account } from '../hub/account';
import type { Switches } from '../hub/switches';

/** What an operation works on. */
export interface Context {
  account: Account;
  switches: Switches;
  /** Epoch seconds. */
  now: () => number;
}

/** One operation of the API: works on an input that the model has accepted, and answers the output. */
export interface Operation {
  /** What has to exist; checked before a dry run only where the switch `dryRunAfter` says so. */
  needs?: 'stream' | 'task';
  /** Refused while a stream of the input's name is being deleted. */
  refusedWhileDeleting?: true;
  /** Changes something, but is allowed outside the home region (documented for Delete). */
  allowedElsewhere?: true;
  run(context: Context, input: never): object;
}

export interface TaskKey {
  ProgressUpdateStream: string;
  MigrationTaskName: string;
}

/** The task an input names. @throws ResourceNotFoundException */
export const taskOf = ({ account }: Context, input: TaskKey) =>
  account.store.task(input.ProgressUpdateStream, input.MigrationTaskName);
