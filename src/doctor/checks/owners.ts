import { isTerminal, newestStateOf, type Owner, type OwnerEnd, type ReportedState } from '../../task-state';
import { durationInWords } from '../../cli/time-words';
import { failedOf, findOwners, type FoundOwner } from '../../client/owners';
import { findWorkflow } from '../../client/workflow-runs';
import { notChecked, ok, warning, type Check, type Finding } from '../check';
import { namesIn } from '../../report/names-in';
import { stream } from './stream';
import { UNKNOWN } from './task';

/** Are the workflows open that report the task? */
export const owners: Check = {
  name: 'owners',
  needs: [stream.name],
  limitSeconds: 20,
  applies: ({ asked }) => asked.task !== undefined,
  async ask({ state, client }) {
    if (!state) return UNKNOWN;
    if (isTerminal(newestStateOf(state)?.status)) return ok('the task has ended: it needs no reporter');
    if (state.owners.length === 0)
      return ok(
        'reported by no workflow: heartbeats go on until somebody reports its end, or its silence limit passes',
      );
    const find = (owner: Owner) => findWorkflow(client, owner).catch(() => ({ unanswered: true as const }));
    return findingOf(state, await findOwners(state.owners, find));
  },
};

const isOpen = ({ end, unanswered }: FoundOwner): boolean => end === undefined && !unanswered;

/** Those that are open first: what is shown may not have room for all. */
function findingOf(state: ReportedState, found: FoundOwner[]): Finding {
  const inOrder = [...found.filter(isOpen), ...found.filter((each) => !isOpen(each))];
  const reporters = new Set(state.owners.map(({ workflowId }) => workflowId));
  const said = namesIn(inOrder.map((each) => inWords(each, reporters.has(each.owner.workflowId))));
  if (found.some(isOpen)) return ok(said);
  if (found.some(({ unanswered }) => unanswered))
    return notChecked(said, 'Temporal did not say, so the workers count it as open');
  return warning(`no workflow that reported it is open: ${said}`, mendOf(state, failedOf(found) !== undefined));
}

function inWords({ owner: { workflowId, namespace }, end, unanswered }: FoundOwner, hasReported: boolean): string {
  const where = namespace === undefined ? '' : ` of namespace ${namespace}`;
  const started = hasReported ? '' : 'parent or root workflow: ';
  const status = unanswered ? 'not known' : end === undefined ? 'open' : ENDS[end];
  return `${workflowId}${where} (${started}${status})`;
}

const ENDS: Readonly<Record<OwnerEnd, string>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed out',
  NOT_FOUND: 'not there any more',
};

const BY_HAND = 'report its end (the command close), or start the migration again';

/** What the workers make of it depends on how the newest has ended, or what started that. */
function mendOf({ abandoned, nextHeartbeatAt }: ReportedState, hasFailed: boolean): string {
  if (abandoned || nextHeartbeatAt === undefined) return `it has no more heartbeats: ${BY_HAND}`;
  const left = nextHeartbeatAt - Date.now() / 1000;
  const when = left > 0 ? `at the next heartbeat, in ${durationInWords(left)},` : 'at the next heartbeat';
  return hasFailed
    ? `${when} the workers report FAILED; to prevent that, start the migration again before`
    : `${BY_HAND}: ${when} its heartbeats stop, and it becomes stale at its deadline`;
}
