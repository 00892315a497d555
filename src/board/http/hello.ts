import type { BoardStatus } from '../wire';
import { eventOf } from './feed';

/** What a browser gets when it comes: all tasks, between a status and the same, which ends them. `parts`: as `TaskTable.snapshot` gives them. */
export function hello(status: BoardStatus, parts: readonly string[]): string {
  const howTrue = eventOf('status', JSON.stringify(status));
  const tasks = parts.map((part, i) => eventOf(i === 0 ? 'snapshot' : 'changes', part));
  return `retry: 2000\n\n${howTrue}${tasks.join('')}${howTrue}`;
}
