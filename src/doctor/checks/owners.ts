import type { Owner, ReportedState } from '../../task-state';
import { inParallel } from '../../async/in-parallel';
import { durationInWords } from '../../cli/time-words';
import { notChecked, ok, warning, type Check, type Finding } from '../check';
import { namesIn } from '../../report/names-in';
import type { Setup } from '../setup';
import { stream } from './stream';
import { UNKNOWN } from './task';

const AT_ONCE = 5;
const OPEN = 'open';
const GONE = 'not there any more';
const REPLACED = 'ended, and a workflow of another type has its id';
const UNANSWERED = 'not known';

/** A workflow that reported, and how it, or the one that started its tree, has ended. */
interface Looked {
  owner: Owner;
  status: string;
  rootStatus?: string;
}

/** Are the workflows open that report the task? */
export const owners: Check = {
  name: 'owners',
  needs: [stream.name],
  applies: ({ asked }) => asked.task !== undefined,
  async ask(setup) {
    const { state } = setup;
    if (!state) return UNKNOWN;
    if (state.freshness === 'terminal') return ok('the task has ended: it needs no reporter');
    if (state.owners.length === 0)
      return ok(
        'reported by no workflow: heartbeats go on until somebody reports its end, or its silence limit passes',
      );
    return findingOf(state, await inParallel(state.owners, AT_ONCE, (owner) => lookAt(setup, owner)));
  },
};

const isOpen = ({ status, rootStatus }: Looked): boolean => status === OPEN || rootStatus === OPEN;

/** Those that are open first: what is shown may not have room for all. */
function findingOf(state: ReportedState, looked: Looked[]): Finding {
  const isUnanswered = ({ status, rootStatus }: Looked) => [status, rootStatus].includes(UNANSWERED);
  const inOrder = [...looked.filter(isOpen), ...looked.filter((each) => !isOpen(each))];
  const said = namesIn(inOrder.map(inWords));
  if (looked.some(isOpen)) return ok(said);
  if (looked.some(isUnanswered)) return notChecked(said, 'Temporal did not say, so the workers count it as open');
  return warning(`no workflow that reported it is open: ${said}`, mendOf(state, looked.at(-1)));
}

function inWords({ owner: { workflowId, namespace, root }, status, rootStatus }: Looked): string {
  const where = namespace === undefined ? '' : ` of namespace ${namespace}`;
  const started = rootStatus === undefined ? '' : `; ${root}, which started it: ${rootStatus}`;
  return `${workflowId}${where} (${status}${started})`;
}

const BY_HAND = 'report its end (the command close), or start the migration again';

/** What the workers make of it depends on how the newest has ended, or who started that. */
function mendOf({ abandoned, nextHeartbeatAt }: ReportedState, newest: Looked | undefined): string {
  if (abandoned || nextHeartbeatAt === undefined) return `it has no more heartbeats: ${BY_HAND}`;
  const left = nextHeartbeatAt - Date.now() / 1000;
  const when = left > 0 ? `at the next heartbeat, in ${durationInWords(left)},` : 'at the next heartbeat';
  if (newest?.status === REPLACED)
    return `${BY_HAND}: ${when} the workers report FAILED if it failed, was cancelled, terminated or timed out; otherwise its heartbeats stop`;
  const hasFailed = [newest?.status, newest?.rootStatus].some((each) => FAILURES.includes(each ?? ''));
  return hasFailed
    ? `${when} the workers report FAILED; if it is not to end so, start the migration again before that`
    : `${BY_HAND}: ${when} its heartbeats stop, and it becomes stale at its deadline`;
}

async function lookAt({ client }: Setup, owner: Owner): Promise<Looked> {
  const { workflowId, workflowType, namespace = client.options.namespace, root } = owner;
  const of = async (id: string, type?: string): Promise<string> => {
    try {
      const request = { namespace, execution: { workflowId: id } };
      const { workflowExecutionInfo: info } = await client.workflowService.describeWorkflowExecution(request);
      if (type !== undefined && info?.type?.name !== type) return REPLACED;
      return ENDS[info?.status ?? 0] ?? OPEN;
    } catch (error) {
      return (error as { code?: number }).code === NOT_FOUND ? GONE : UNANSWERED;
    }
  };
  const status = await of(workflowId, workflowType);
  return { owner, status, ...(status !== OPEN && root !== undefined && { rootStatus: await of(root) }) };
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
/** After these the workers report FAILED. */
const FAILURES = ['failed', 'cancelled', 'terminated', 'timed out'];
