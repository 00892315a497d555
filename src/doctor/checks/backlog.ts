import { durationInWords } from '../../cli/time-words';
import { ok, warning, type Check } from '../check';
import { workers } from './workers';

/** What waits longer is not taken as it comes. */
const LONG_SECONDS = 30;

/** Do tasks wait long for a worker? */
export const backlog: Check = {
  name: 'backlog',
  needs: [workers.name],
  async ask({ queues }) {
    const slow = queues.filter(({ waiting, oldestSeconds }) => waiting > 0 && oldestSeconds > LONG_SECONDS);
    if (slow.length === 0) return ok('no task waits long for a worker');
    const each = slow.map(
      ({ queue, waiting, oldestSeconds }) => `${waiting} on ${queue}, the oldest for ${durationInWords(oldestSeconds)}`,
    );
    return warning(
      `tasks wait for a worker: ${each.join('; ')}`,
      'start more workers, or look at the CPU of those that run',
    );
  },
};
