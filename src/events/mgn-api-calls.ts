import { ignore, IgnoredEvent, listOr, objectOr, serverOf, type MgnEvent, type SourceServer } from './mgn-event';
import { LIFECYCLE_STATES, type MgnState } from './mgn-states';

/** What a call was asked, and what MGN answered. */
interface Call {
  request: Record<string, unknown>;
  response: Record<string, unknown>;
}

/** The state that a call leaves its servers in, as the API reference of MGN has it. */
const CALLS: Record<string, (call: Call) => MgnState> = {
  StartTest: () => 'TESTING',
  StartCutover: () => 'CUTTING_OVER',
  FinalizeCutover: () => 'CUTOVER',
  ChangeServerLifeCycleState: ({ request }) => {
    const { state } = objectOr(request['lifeCycle']);
    if (!LIFECYCLE_STATES.includes(state as MgnState))
      ignore('requestParameters.lifeCycle.state', state, `it must be one of ${LIFECYCLE_STATES.join(', ')}`);
    return state as MgnState;
  },
  DisconnectFromService: ({ response }) => {
    if (objectOr(response['lifeCycle'])['state'] === 'CUTOVER')
      throw new IgnoredEvent('the server was disconnected after its cutover, which stays complete');
    return 'DISCONNECTED';
  },
};

/** The calls that are reported. */
export const REPORTED_CALLS = Object.keys(CALLS);

/**
 * Reads a call of the MGN API that CloudTrail has recorded: most changes of the lifecycle are such calls, and have no event of their own.
 * @throws IgnoredEvent for a call that failed, and for one that says nothing of how far a server is
 */
export function readApiCall({ detail, account, region }: MgnEvent): { state: MgnState; servers: SourceServer[] } {
  const { eventSource, eventName, errorCode, requestParameters, responseElements } = detail;
  if (eventSource !== 'mgn.amazonaws.com') ignore('eventSource', eventSource, 'it must be "mgn.amazonaws.com"');
  const stateAfter = typeof eventName === 'string' && Object.hasOwn(CALLS, eventName) ? CALLS[eventName] : undefined;
  if (!stateAfter) ignore('eventName', eventName, `only ${REPORTED_CALLS.join(', ')} say how far a server is`);
  if (errorCode !== undefined && errorCode !== null)
    ignore('errorCode', errorCode, 'only calls that succeeded are reported');
  const request = objectOr(requestParameters);
  // Whoever administers several accounts names that of the server.
  const { accountID, sourceServerID, sourceServerIDs } = request;
  const owner = typeof accountID === 'string' && accountID !== '' ? accountID : account;
  const ids = sourceServerID === undefined ? listOr(sourceServerIDs) : [sourceServerID];
  if (ids.length === 0) ignore('requestParameters', requestParameters, 'it must name a source server');
  const servers = [...new Set(ids)].map((id) => serverOf(id, owner, region));
  return { state: stateAfter({ request, response: objectOr(responseElements) }), servers };
}
