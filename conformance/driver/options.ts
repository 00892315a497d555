import { parseArgs } from 'node:util';
import { CLIENTS, type Client } from './clients';

export const USAGE = `npm run conformance [-- --client boto3,go] [--row notify-task]
  --client  only these clients (${CLIENTS.map(({ name }) => name).join(', ')}); may be repeated
  --row     only these rows, by id; may be repeated`;

/** Flags that cannot be used; the message says which and why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Options {
  clients: readonly Client[];
  /** Ids; empty: all. */
  rows: ReadonlySet<string>;
}

const names = (given: string[] | undefined) => (given ?? []).flatMap((each) => each.split(',')).filter(Boolean);

/** @throws UsageError */
export function readOptions(args: string[], knownRows: ReadonlySet<string>): Options {
  const list = { type: 'string', multiple: true } as const;
  let values: { client?: string[]; row?: string[] };
  try {
    values = parseArgs({ args, options: { client: list, row: list } }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const wanted = names(values.client);
  const rows = names(values.row);
  for (const name of wanted)
    if (!CLIENTS.some((client) => client.name === name)) throw new UsageError(`there is no client ${name}`);
  for (const id of rows) if (!knownRows.has(id)) throw new UsageError(`there is no row ${id}`);
  const clients = wanted.length === 0 ? CLIENTS : CLIENTS.filter(({ name }) => wanted.includes(name));
  return { clients, rows: new Set(rows) };
}
