import type { MigrationHubClient } from '../../src';
import type { ReportedState } from '../../src/task-state';

/** What an iterator gives until it ends. */
export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The tasks of a stream, as the client lists them. */
export const tasksOf = (hub: MigrationHubClient, progressUpdateStream: string): Promise<ReportedState[]> =>
  allOf(hub.list({ progressUpdateStream }));
