import { isNotPermitted } from '../../migration-hub/errors';
import { CHECK_STREAM } from '../check-names';
import { isThrottled, ok, problem, THROTTLED, warning, type Check, type Finding } from '../check';
import { tryApplicationOperations, tryOperations, type Tried } from '../operations';
import type { Setup } from '../setup';
import { homeRegion } from './home-region';

/** What is lost without those that no status needs. */
const WITHOUT: Record<string, string> = {
  DescribeMigrationTask: 'states that others sent are not seen',
  PutResourceAttributes: 'tasks are not mapped to servers by attributes',
  AssociateDiscoveredResource: 'tasks are not mapped to servers by ids',
  DisassociateDiscoveredResource: 'tasks stay mapped to earlier servers',
  AssociateCreatedArtifact: 'tasks get no artifacts',
  DisassociateCreatedArtifact: 'tasks keep artifacts that are taken away',
  AssociateSourceResource: 'tasks get no source resources',
  DisassociateSourceResource: 'tasks keep source resources that are taken away',
};

/** Not in the policy of the README: few have source resources. */
const OF_SOURCES = ['AssociateSourceResource', 'DisassociateSourceResource'];

const namesOf = (operations: string[], between = ', '): string =>
  operations.map((operation) => `mgh:${operation}`).join(between);
const deniedOf = (tried: Tried[]): string[] =>
  tried.filter(({ said }) => isNotPermitted(said.type)).map(({ operation }) => operation);

/** May each operation be called that the workers need? By dry runs, and one read. */
export const permissions: Check = {
  name: 'permissions',
  needs: [homeRegion.name],
  limitSeconds: 8,
  async ask(setup, signal) {
    const [tried, ofApplications] = await Promise.all([
      tryOperations(setup, signal),
      tryApplicationOperations(setup, signal),
    ]);
    const denied = deniedOf(tried);
    const extra = denied.filter((operation) => OF_SOURCES.includes(operation));
    if (denied.length > extra.length) return deniedFinding(setup, denied, tried.length);
    const odd = tried.filter(isOdd);
    if (odd.some(({ said }) => isThrottled(said.type))) return THROTTLED;
    const [first] = odd;
    if (first)
      return warning(
        `could not test ${odd.map(({ operation }) => operation).join(', ')}: ${first.said.type}: ${first.said.message}`,
        first.said.mend ?? 'try again',
      );
    const sources = extra.length === 0 ? '' : `denied: ${namesOf(extra)}; only source resources need them; `;
    return ok(
      `${extra.length === 0 ? 'all' : 'the other'} ${tried.length - extra.length} operations are allowed on stream ${streamTried(setup)}; ${sources}${applicationsInWords(ofApplications)}`,
    );
  },
};

/** Whoever notifies of no application needs none of them. */
function applicationsInWords(tried: Tried[]): string {
  const denied = deniedOf(tried);
  if (denied.length > 0) return `denied: ${namesOf(denied, ' and ')}; only application states need it, on Resource "*"`;
  return tried.some(isOdd) ? 'application states could not be tested' : 'so are application states';
}

/** A policy may name streams: of another one nothing was learnt. */
const streamTried = ({ asked: { stream } }: Setup): string =>
  stream ?? `${CHECK_STREAM}, a name for this test only; doctor STREAM tests yours`;

/** A permitted call is answered so, or lacks the stream or the task. */
const isOdd = ({ said: { type } }: Tried): boolean =>
  !['answer', 'DryRunOperation', 'ResourceNotFoundException'].includes(type);

function deniedFinding(setup: Setup, denied: string[], all: number): Finding {
  const names = namesOf(denied);
  const { stream } = setup.asked;
  if (stream === undefined && denied.length === all)
    return warning(
      `the credentials may call nothing on ${CHECK_STREAM}`,
      'expected if the policy is limited to named streams: check one of them with doctor STREAM',
    );
  const allow = `allow ${denied.length === 1 ? 'it' : 'them'} on ${resourcesOf(setup, denied).join(' and ')}`;
  const lost = denied.flatMap((operation) => WITHOUT[operation] ?? []);
  return lost.length === denied.length
    ? warning(`denied: ${names}; without ${denied.length === 1 ? 'it' : 'them'} ${lost.join(', and ')}`, allow)
    : problem(`denied: ${names}`, allow);
}

function resourcesOf({ aws, asked }: Setup, denied: string[]): string[] {
  const stream = `arn:aws:mgh:${aws.region}:ACCOUNT:progressUpdateStream/${asked.stream ?? '*'}`;
  const isOfStream = (operation: string) => operation === 'CreateProgressUpdateStream';
  return [
    ...(denied.some(isOfStream) ? [stream] : []),
    ...(denied.every(isOfStream) ? [] : [`${stream}/migrationTask/*`]),
  ];
}
