import { heartbeatsByStream } from '../../client/task-lists';
import { listHeartbeats } from '../../client/heartbeat-lists';
import { readGroupNumbers } from '../../client/stream-groups';
import { meant } from '../../report/meant';
import { ok, problem, type Check } from '../check';
import type { Setup } from '../setup';
import { namespace } from './namespace';

const streamOf = ({ asked }: Setup): string => asked.stream ?? '';

/** Has anybody reported a task of the stream, and how many groups do its tasks share? */
export const stream: Check = {
  name: 'stream',
  needs: [namespace.name],
  applies: ({ asked }) => asked.stream !== undefined,
  async ask(setup, signal) {
    const name = streamOf(setup);
    const { client, asked } = setup;
    if ((await listHeartbeats(client, name, { limit: 1 })).size === 0) {
      const others = [...(await heartbeatsByStream(client, undefined, signal)).keys()];
      const guess = meant(name, others);
      return problem(
        `nobody has reported a task of ${name} to namespace ${asked.temporal.namespace}, within its retention`,
        guess ? `did you mean ${guess}?` : 'check the name, --namespace and --address',
      );
    }
    const [last, ...earlier] = ((await readGroupNumbers(client, name))?.groups ?? []).reverse();
    if (last === undefined) return ok(`${name} has tasks`);
    const until =
      earlier.length > 0 ? `; tasks reported before stay until they end (${earlier.map(inGroups).join(', ')})` : '';
    return ok(`${name}: ${inGroups(last)}${until}`);
  },
};

const inGroups = (groups: number): string =>
  groups === 0 ? 'a heartbeat workflow for each task' : `tasks share ${groups} group${groups === 1 ? '' : 's'}`;
