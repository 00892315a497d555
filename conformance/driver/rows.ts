import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { change, expandValue } from './expand-value';
import type { AdminStep, CallStep, Expectation, Row } from './types';

const ROOT = resolve(__dirname, '..');
const DEFAULT_SERVICE = 'AWSMigrationHub';
const DEFAULT_REGION = 'us-west-2';
const LONGEST_STREAM = 50;

interface NamedCall {
  service?: string;
  operation: string;
  input: Record<string, unknown>;
}
interface Change {
  set?: Record<string, unknown>;
  unset?: string[];
  region?: string;
  capture?: Record<string, string>;
}
type WrittenStep = string | AdminStep | ({ call: string; times?: number; mayFail?: boolean } & Change);

/** A row as it is written in `rows/*.json`. */
interface WrittenRow extends Change {
  id: string;
  title: string;
  setup?: WrittenStep[];
  call: string;
  paginate?: CallStep['paginate'];
  expect: Expectation;
  smoke?: boolean;
  choice?: boolean;
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** The rows as they are written, in the order of files and rows. */
function writtenRows(): WrittenRow[] {
  const folder = join(ROOT, 'rows');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().flatMap((file) => read(join(folder, file)) as WrittenRow[]);
}

class Expander {
  constructor(
    private readonly calls: Record<string, NamedCall>,
    private readonly names: Record<string, string>,
  ) {}

  call(name: string, { set, unset, region, capture }: Change, i = ''): CallStep {
    const named = this.calls[name];
    if (!named) throw new Error(`calls.json has no call ${name}`);
    const names = i ? { ...this.names, i } : this.names;
    const input = expandValue(named.input, names) as Record<string, unknown>;
    change(input, expandValue(set ?? {}, names) as Record<string, unknown>, unset);
    const { service = DEFAULT_SERVICE, operation } = named;
    return { service, operation, input, region: region ?? DEFAULT_REGION, ...(capture && { capture }) };
  }

  step(step: WrittenStep): (CallStep | AdminStep)[] {
    if (typeof step === 'string') return [this.call(step, {})];
    if ('admin' in step) return [expandValue(step, this.names) as AdminStep];
    const { times = 1, mayFail, ...rest } = step;
    const more = mayFail ? { mayFail } : {};
    return Array.from({ length: times }, (_, index) => ({ ...this.call(step.call, rest, String(index + 1)), ...more }));
  }
}

function expandRow(row: WrittenRow, calls: Record<string, NamedCall>, client: string): Row {
  const stream = `${client}.${row.id}`;
  if (stream.length > LONGEST_STREAM)
    throw new Error(`the stream ${stream} is longer than ${LONGEST_STREAM}: give the row a shorter id`);
  const names = { stream, task: 'server-1' };
  const expander = new Expander(calls, names);
  const expect = expandValue(row.expect, names) as Expectation;
  return {
    id: row.id,
    title: row.title,
    setup: (row.setup ?? []).flatMap((step) => expander.step(step)),
    call: { ...expander.call(row.call, row), ...(row.paginate && { paginate: row.paginate }) },
    badInput: 'error' in expect && expect.error === 'InvalidInputException',
    expect,
    smoke: row.smoke ?? false,
    choice: row.choice ?? false,
  };
}

/**
 * The whole table for one client; stream names carry the client's, so that rows of two clients never meet.
 * Throws an error that names the row when one cannot be read.
 */
export function loadRows(client: string): Row[] {
  const calls = read(join(ROOT, 'calls.json')) as Record<string, NamedCall>;
  const seen = new Set<string>();
  return writtenRows().map((row) => {
    if (seen.has(row.id)) throw new Error(`two rows have the id ${row.id}`);
    seen.add(row.id);
    try {
      return expandRow(row, calls, client);
    } catch (error) {
      throw new Error(`row ${row.id}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  });
}
