import type { Owner } from '../../task-state';
import { inParallel } from '../../async/in-parallel';
import { notChecked, ok, warning, type Check } from '../check';
import { namesIn } from '../names-in';
import type { Setup } from '../setup';
import { stream } from './stream';
import { UNKNOWN } from './task';

const AT_ONCE = 5;

/** Are the workflows open that report the task? */
export const owners: Check = {
  name: 'owners',
  needs: [stream.name],
  applies: ({ asked }) => asked.task !== undefined,
  async ask(setup) {
    const { state } = setup;
    if (!state) return UNKNOWN;
    const all = state.owners;
    if (state.freshness === 'terminal') return ok('the task has ended: it needs no reporter');
    if (all.length === 0) return ok('reported by no workflow: heartbeats go on until somebody reports its end');
    const looked = await inParallel(all, AT_ONCE, (owner) => statusOf(setup, owner));
    const said = namesIn(looked.map(({ owner, status }) => `${owner.workflowId} (${status})`));
    if (looked.some(({ status }) => status === 'open')) return ok(said);
    if (looked.some(({ status }) => status === 'not known')) return notChecked(said);
    return warning(
      `no workflow that reported it is open: ${said}`,
      'its heartbeats stop when the next is due: report its end, or continue the migration',
    );
  },
};

async function statusOf({ client }: Setup, owner: Owner): Promise<{ owner: Owner; status: string }> {
  const { workflowId, namespace = client.options.namespace, root } = owner;
  const of = async (id: string): Promise<string> => {
    try {
      const request = { namespace, execution: { workflowId: id } };
      const { workflowExecutionInfo: info } = await client.workflowService.describeWorkflowExecution(request);
      return ENDS[info?.status ?? 0] ?? 'open';
    } catch (error) {
      return (error as { code?: number }).code === NOT_FOUND ? 'not there any more' : 'not known';
    }
  };
  const status = await of(workflowId);
  const isAlive = status !== 'open' && root !== undefined && (await of(root)) === 'open';
  return { owner, status: isAlive ? 'open' : status };
}

const NOT_FOUND = 5;
/** By WorkflowExecutionStatus; any other is open. */
const ENDS: Readonly<Record<number, string>> = {
  2: 'completed',
  3: 'failed',
  4: 'cancelled',
  5: 'terminated',
  7: 'timed out',
};
