import { NOTIFY_TASK_QUEUE, TASK_QUEUE } from '../../report';
import { ok, problem, type Check } from '../check';
import { lookAt, type QueueLook } from '../task-queues';
import { namesIn } from '../../report/names-in';
import { namespace } from './namespace';
import { durationInWords } from '../../cli/time-words';

/** Do workers poll both task queues, and which? */
export const workers: Check = {
  name: 'workers',
  needs: [namespace.name],
  async ask(setup) {
    const { client, asked } = setup;
    const looks = (setup.queues = [
      await lookAt(client, TASK_QUEUE, 'workflow'),
      await lookAt(client, TASK_QUEUE, 'activity'),
      await lookAt(client, NOTIFY_TASK_QUEUE, 'activity'),
    ]);
    const without = looks.filter(({ workers }) => workers.length === 0);
    if (without.length === 0) return ok(polled(looks));
    const others = looks.filter(({ workers }) => workers.length > 0);
    const missing = [...new Set(without.map(({ queue }) => queue))].join(' and ');
    const where = `of namespace ${asked.temporal.namespace}`;
    const [last] = without.flatMap(({ before }) => before).sort((a, b) => a.secondsAgo - b.secondsAgo);
    const ended = last ? `; ${last.identity} last did ${durationInWords(last.secondsAgo)} ago` : '';
    return problem(
      `no worker polls ${missing} ${where}${ended}${others.length > 0 ? `; ${polled(others)}` : ''}`,
      others.length > 0
        ? 'restart that worker: one of its two parts is missing; it is an old version, or that part has failed (see its log)'
        : `start one: temporal-migration-hub worker, or a worker with MigrationHubPlugin; if one runs, check the address and namespace in its log${last ? ', and that the clocks of this machine and of the Temporal server agree' : ''}`,
    );
  },
};

/** "migration-hub and migration-hub-notify by 2 workers: 12@host (3s ago)" */
function polled(looks: QueueLook[]): string {
  const queues = [...new Set(looks.map(({ queue }) => queue))].join(' and ');
  const newest = new Map<string, { ago: number; version?: string }>();
  for (const { identity, secondsAgo, version } of looks.flatMap(({ workers }) => workers))
    newest.set(identity, { ago: Math.min(secondsAgo, newest.get(identity)?.ago ?? Infinity), version });
  const each = [...newest].map(
    ([identity, { ago, version }]) =>
      `${identity} (${version ? `${version}, ` : ''}polled ${durationInWords(ago)} ago)`,
  );
  return `${newest.size === 1 ? 'a worker polls' : `${newest.size} workers poll`} ${queues}: ${namesIn(each)}`;
}
