import type { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import type { TaskIdentity } from '../report';
import type { CallOptions } from './api';

/** A command of the AWS SDK. */
interface Command {
  middlewareStack: unknown;
  resolveMiddleware(...setting: never[]): (...request: never[]) => Promise<{ output: unknown }>;
}

type Output<C extends Command> = Awaited<ReturnType<ReturnType<C['resolveMiddleware']>>>['output'];

/** Makes one call; undefined after a dry run. @throws MigrationHubError */
export type Send = <C extends Command>(command: C, options?: CallOptions) => Promise<Output<C> | undefined>;

/** Where the SDK has nothing more to wait for but the socket: credentials are there, and the request is signed. */
export function checked<C extends Command>(command: C, options?: CallOptions): C {
  const check = options?.beforeSending;
  if (check)
    (command.middlewareStack as MigrationHubClient['middlewareStack']).add(
      (next) => (args) => {
        check();
        return next(args);
      },
      { step: 'deserialize', priority: 'low', name: 'beforeSending' },
    );
  return command;
}

/** What makes a call a dry run, if it is one. */
export const dry = (options?: CallOptions) => (options?.dryRun ? { DryRun: true } : {});

/** The task, as the API names it. */
export const keys = ({ progressUpdateStream, migrationTaskName }: TaskIdentity) => ({
  ProgressUpdateStream: progressUpdateStream,
  MigrationTaskName: migrationTaskName,
});
