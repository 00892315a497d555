import type { Account, Accounts } from '../hub/account';
import { isTooDeep } from './json-depth';
import { MigrationHubError, dryRun, invalidInput, serialization, unknownOperation } from '../hub/errors';
import { isWrite, modelled } from './model';
import { operations } from '../operations';
import type { Operation } from '../operations/operation';
import type { Switches } from '../hub/switches';
import { validateInput, validateOutput } from './validation';

const MEDIA_TYPE = 'application/x-amz-json-1.1';

/** One awsJson1_1 request, read but not yet judged. */
export interface Call {
  service: string;
  operation: string | null;
  progressUpdateStream: string | null;
  migrationTaskName: string | null;
  contentType: string;
  /** The parsed body, or the raw text when it is not JSON. */
  body: unknown;
  /** The body without nulls (Smithy: as if absent); undefined when it is not a JSON object. */
  input: Record<string, unknown> | undefined;
  /** Why it is not. */
  problem?: string;
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const absentIfNull = (_key: string, value: unknown) => (value === null ? undefined : value);

function parse(raw: string): Pick<Call, 'body' | 'input' | 'problem'> {
  if (isTooDeep(raw)) return { body: raw, input: undefined, problem: 'The body is nested more than 100 levels deep.' };
  try {
    const body: unknown = raw === '' ? {} : JSON.parse(raw);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return { body, input: undefined };
    const withoutNulls: unknown = raw.includes('null') ? JSON.parse(raw, absentIfNull) : body;
    return { body, input: withoutNulls as Record<string, unknown> };
  } catch {
    return { body: raw, input: undefined };
  }
}

/** Reads a request; never throws, so that even nonsense reaches the journal. */
export function readCall(target: string | undefined, contentType: string | undefined, raw: string): Call {
  const [service = '', ...rest] = (target ?? '').split('.');
  const { body, input, problem } = parse(raw);
  return {
    service,
    operation: target === undefined ? null : rest.join('.') || target,
    progressUpdateStream: text(input?.ProgressUpdateStream ?? input?.ProgressUpdateStreamName),
    migrationTaskName: text(input?.MigrationTaskName),
    contentType: contentType ?? '',
    body,
    input,
    problem,
  };
}

/** Whose call it is, and where it was signed for. */
export interface Caller {
  accounts: Accounts;
  accountId: string;
  /** Undefined for a call without a signature: it is taken for one to the home region. */
  region: string | undefined;
  switches: Switches;
  now: () => number;
}

function checkHomeRegion({ region, switches }: Caller, account: Account, name: string, operation: Operation): void {
  const write = isWrite(name) && !operation.allowedElsewhere;
  if (account.homeRegion === undefined) {
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

/** Judges a call as far as it can be without a look at what the account holds: content type, operation, JSON. */
export function readInput(call: Call) {
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

/** Judges and carries out a call: content type, operation, JSON; then model, home region, dry run and existence, as the switches order them. */
export function perform(caller: Caller, call: Call): object {
  const { name, shape, operation, input } = readInput(call);
  const { accounts, accountId, region, switches, now } = caller;
  const account = accounts.account(accountId);
  // Only what the model lets answer HomeRegionNotSetException knows the home region.
  const checkRegion = () => {
    if (shape.errors.includes('HomeRegionNotSetException')) checkHomeRegion(caller, account, name, operation);
  };
  if (switches.homeRegionCheck === 'before-input') checkRegion();
  validateInput(shape, input, switches);
  const dry = input.DryRun === true;
  if (dry && switches.dryRunAfter === 'input') throw dryRun();
  checkRegion();
  if (dry && switches.dryRunAfter === 'home-region') throw dryRun();
  const elsewhere = region !== undefined && account.homeRegion !== undefined && region !== account.homeRegion;
  const seen =
    elsewhere && call.service === 'AWSMigrationHub' && !isWrite(name) && switches.readsElsewhere === 'nothing'
      ? accounts.emptyOne(accountId)
      : account;
  checkExistence(seen, operation, input);
  if (dry) throw dryRun();
  const output = operation.run({ account: seen, switches, now }, input as never);
  validateOutput(shape, output);
  return output;
}
