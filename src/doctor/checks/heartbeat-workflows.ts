import { inParallel } from '../../async/in-parallel';
import { listHeartbeats } from '../../client/heartbeat-lists';
import { ok, problem, type Check } from '../check';
import { namesIn } from '../../report/names-in';
import type { Setup } from '../setup';
import { findStuck, listReported, mendOfStuck, type Stuck } from '../stuck-workflows';
import { namespace } from './namespace';

/** So many are looked at, the newest, and for so long: each is one call. */
const LOOKED_AT = 500;
const LOOK_MS = 6000;
const AT_ONCE = 20;

/** Do the workflow tasks of a heartbeat workflow fail again and again? Such a group sends nothing any more. */
export const heartbeatWorkflows: Check = {
  name: 'heartbeat workflows',
  needs: [namespace.name],
  limitSeconds: 9,
  async ask(setup) {
    const { client, asked } = setup;
    const open = [...(await listHeartbeats(client, asked.stream, { open: true, limit: LOOKED_AT })).keys()];
    const ids = [...new Set([...(await listReported(client, asked.stream)), ...open])];
    const { stuck, looked } = await lookAtEach(setup, ids);
    const of = asked.stream === undefined ? '' : ` of ${asked.stream}`;
    const newest = looked < ids.length || open.length === LOOKED_AT ? 'the newest ' : '';
    const [first] = stuck;
    if (!first) return ok(looked === 0 ? `none${of} is open` : `${newest}${looked} open${of}, no workflow task fails`);
    const names = namesIn(stuck.map(({ workflowId }) => workflowId));
    return problem(
      `${stuck.length} of ${newest}${looked} open${of}: the workflow task keeps failing, so nothing is sent: ${names}; ${first.why}`,
      mendOfStuck(first, asked.temporal),
    );
  },
};

async function lookAtEach({ client }: Setup, ids: string[]): Promise<{ stuck: Stuck[]; looked: number }> {
  const end = performance.now() + LOOK_MS;
  let looked = 0;
  const found = await inParallel(ids, AT_ONCE, async (id) => {
    if (performance.now() > end) return [];
    looked++;
    return findStuck(client, id);
  });
  return { stuck: found.flat(), looked };
}
