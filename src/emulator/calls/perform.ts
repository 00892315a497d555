import type { ModelledOperation } from '../generated/schemas';
import type { Account } from '../hub/account';
import type { Accounts } from '../hub/accounts';
import { dryRun, invalidInput, MigrationHubError, serialization, unknownOperation } from '../hub/errors';
import type { Switches } from '../hub/switches';
import { operations } from '../operations';
import type { Operation } from '../operations/operation';
import type { Call } from './call';
import { isDryRun, isWrite, modelled } from './model';
import { validateInput, validateOutput } from './validation';

/** The Content-Type of the protocol awsJson1_1. */
export const MEDIA_TYPE = 'application/x-amz-json-1.1';

/** Who makes a call, and what it works on. */
export interface Caller {
  /** All accounts of the emulator. */
  accounts: Accounts;
  /** The account of the caller, twelve digits. */
  accountId: string;
  /** The region that the call was signed for; undefined without a signature: it counts as the home region. */
  region: string | undefined;
  /** The undocumented behaviours. */
  switches: Switches;
  /** The emulator's clock, epoch seconds. */
  now: () => number;
}

/** A known operation: its name, its shapes in the model, and what it does. */
interface Known {
  name: string;
  shape: ModelledOperation;
  operation: Operation;
}

function checkHomeRegion({ region, switches }: Caller, account: Account, { name, shape, operation }: Known): void {
  const write = isWrite(name) && !operation.allowedElsewhere;
  if (account.homeRegion === undefined) {
    // The newest operations have no such error in the model.
    if (!shape.errors.includes('HomeRegionNotSetException')) return;
    if (!isWrite(name) && switches.homeRegionNotSetOnReads === 'allow') return;
    throw new MigrationHubError('HomeRegionNotSetException', 'The home region is not set.');
  }
  if (region === undefined || region === account.homeRegion) return;
  const refused = write ? switches.writesElsewhere === 'reject' : switches.readsElsewhere === 'reject';
  if (refused) throw invalidInput(`The call was signed for ${region}, but the home region is ${account.homeRegion}.`);
}

function checkExistence(
  account: Account,
  { needs, refusedWhileDeleting }: Operation,
  input: Record<string, unknown>,
): void {
  const stream = String(input.ProgressUpdateStream ?? input.ProgressUpdateStreamName);
  if (refusedWhileDeleting) account.store.checkNotBeingDeleted(stream);
  if (needs === 'stream') account.store.streamOf(stream);
  if (needs === 'task') account.store.task(stream, String(input.MigrationTaskName));
}

/** The checks that need no account: content type, operation, JSON. */
function readInput(call: Call): Known & { input: Record<string, unknown> } {
  const { service, operation: name, contentType, input } = call;
  if (contentType.split(';')[0]?.trim().toLowerCase() !== MEDIA_TYPE) {
    const got = contentType === '' ? 'none' : contentType;
    throw new MigrationHubError(
      'UnsupportedMediaTypeException',
      `The content type must be ${MEDIA_TYPE}, not ${got}.`,
      415,
    );
  }
  if (name === null) throw unknownOperation('The X-Amz-Target header is missing.');
  const shape = modelled(service, name);
  const operation = shape && operations[service]?.[name];
  if (!operation) throw unknownOperation(`${service}.${name} is not a known operation.`);
  if (!input) throw serialization(call.problem ?? 'The body is not a JSON object.');
  return { name, shape, operation, input };
}

/**
 * Checks a call, carries it out and returns its output. The checks are: content type, operation, JSON; then the input
 * against the model, home region, dry run and existence, in the order that the switches set.
 * @throws MigrationHubError
 */
export function perform(caller: Caller, call: Call): object {
  const known = readInput(call);
  const { name, shape, operation, input } = known;
  const { accounts, accountId, region, switches, now } = caller;
  const account = accounts.account(accountId);
  // The home region service answers in any region.
  const isRegional = call.service === 'AWSMigrationHub';
  const checkRegion = () => {
    if (isRegional) checkHomeRegion(caller, account, known);
  };
  if (switches.homeRegionCheck === 'before-input') checkRegion();
  validateInput(shape, input, switches);
  const dry = isDryRun(shape, input);
  if (dry && switches.dryRunAfter === 'input') throw dryRun();
  checkRegion();
  if (dry && switches.dryRunAfter === 'home-region') throw dryRun();
  const elsewhere = region !== undefined && account.homeRegion !== undefined && region !== account.homeRegion;
  const seen =
    elsewhere && isRegional && !isWrite(name) && switches.readsElsewhere === 'nothing'
      ? accounts.emptyOne(accountId)
      : account;
  checkExistence(seen, operation, input);
  if (dry) throw dryRun();
  const output = operation.run({ account: seen, switches, now }, input as never);
  validateOutput(shape, output, switches);
  return output;
}
