import * as sdk from '@aws-sdk/client-migration-hub';
import { MigrationHubError } from './errors';

/** What makes a command of the SDK. */
type Command<O> = new (input: object) => {
  middlewareStack: unknown;
  resolveMiddleware(...setting: never[]): (...request: never[]) => Promise<{ output: O }>;
};

/**
 * A command that the oldest AWS client which this package allows does not have: found by its name.
 * @throws MigrationHubError, before anything is sent, where the installed client lacks it
 */
export function newerCommand<O>(operation: string, input: object): InstanceType<Command<O>> {
  const Found = (sdk as Record<string, unknown>)[`${operation}Command`] as Command<O> | undefined;
  if (Found) return new Found(input);
  throw new MigrationHubError({
    type: 'OperationNotInClient',
    message: `the installed @aws-sdk/client-migration-hub has no ${operation}: run npm install @aws-sdk/client-migration-hub@latest where the worker is installed, and restart it`,
    retry: 'operator',
  });
}

/** Whether the installed AWS client has an operation. */
export const isInClient = (operation: string): boolean => `${operation}Command` in sdk;

/** A page of a list. */
interface Page {
  NextToken?: string;
}

/** Reads pages until there are `limit` items. `itemsOf`: those of a page. */
export async function paged<O extends Page, T>(
  send: (token: string | undefined) => Promise<O | undefined>,
  itemsOf: (page: O) => T[] | undefined,
  limit: number,
): Promise<T[]> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const page = await send(token);
    items.push(...((page && itemsOf(page)) ?? []));
    token = page?.NextToken || undefined;
  } while (token !== undefined && items.length < limit);
  return items.slice(0, limit);
}
