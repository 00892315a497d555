import type { BoardStatus } from '../wire';
import { eventOf } from './feed';

/**
 * What a browser gets when it comes: all tasks in parts, and only then that a look at all of them is over. `parts`: as
 * `TaskTable.snapshot` gives them.
 */
export function hello(status: BoardStatus, parts: readonly string[]): string {
  const { lookedAt: _lookedAt, lookSeconds: _lookSeconds, ...known } = status;
  const [first = '', ...more] = parts;
  return [
    'retry: 2000\n\n',
    eventOf('status', JSON.stringify(known)),
    eventOf('snapshot', first),
    ...more.map((part) => eventOf('changes', part)),
    eventOf('status', JSON.stringify(status)),
  ].join('');
}
