/** Runs the rows with the AWS client for JavaScript: the 17 operations that its version has. */
import * as mgh from '@aws-sdk/client-migration-hub';
import type { CallStep, Result } from '../driver/types';
import { counted, ENDPOINT, type MakeCall, runRows } from './runner';

type Outcome = Omit<Result, 'id'>;
type Members = Record<string, unknown>;
type Command = new (input: Members) => Parameters<mgh.MigrationHubClient['send']>[0];
type Paginate = (config: { client: mgh.MigrationHubClient }, input: Members) => AsyncIterable<Members>;

const clients = new Map<string, mgh.MigrationHubClient>();

function clientOf(region: string): mgh.MigrationHubClient {
  const known = clients.get(region);
  if (known) return known;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new mgh.MigrationHubClient({ endpoint: ENDPOINT, region, maxAttempts: 1, credentials });
  clients.set(region, client);
  return client;
}

/** The client takes times as Dates only; a row has epoch seconds. */
function toInput(value: unknown, name?: string): unknown {
  if (name === 'UpdateDateTime' && typeof value === 'number') return new Date(value * 1000);
  if (Array.isArray(value)) return value.map((each) => toInput(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toInput(each, key)]));
}

function toOutput(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(toOutput);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key]) => key !== '$metadata');
  return Object.fromEntries(members.map(([key, each]) => [key, toOutput(each)]));
}

async function pages(step: CallStep, { list, key }: NonNullable<CallStep['paginate']>): Promise<unknown> {
  const paginate = (mgh as Members)[`paginate${step.operation}`] as Paginate;
  const items: unknown[] = [];
  for await (const page of paginate({ client: clientOf(step.region) }, step.input))
    items.push(...(page[list] as unknown[]));
  return counted(items, key);
}

function failed(error: unknown): Outcome {
  const { name, message, $metadata, $response } = error as Error & {
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  const httpStatus = $metadata?.httpStatusCode ?? $response?.statusCode;
  if (httpStatus !== undefined) return { verdict: 'error', code: name, httpStatus, reason: message };
  // What goes wrong without an answer is either a value that cannot be serialized, or no outcome at all.
  if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
  return { verdict: 'refused-by-client', reason: `${name}: ${message}` };
}

const call: MakeCall = async (step) => {
  const Command = (mgh as Members)[`${step.operation}Command`] as Command | undefined;
  if (step.service !== 'AWSMigrationHub')
    return { verdict: 'not-expressible', reason: 'this client is for Migration Hub alone, not for its configuration' };
  if (!Command) return { verdict: 'not-expressible', reason: `version 3.523.0 has no ${step.operation}` };
  try {
    if (step.paginate) return { verdict: 'ok', output: await pages(step, step.paginate) };
    const command = new Command(toInput(step.input) as Members);
    return { verdict: 'ok', output: toOutput(await clientOf(step.region).send(command)) };
  } catch (error) {
    return failed(error);
  }
};

void runRows(call);
