import { ServerRecord } from './record';

/** Rows that a key finds: none, one or several. Most keys find one: a set of one for each would take much memory. */
export type Rows = undefined | ServerRecord | ReadonlySet<ServerRecord>;

/** How many they are. */
export const sizeOf = (rows: Rows): number => (rows === undefined ? 0 : rows instanceof ServerRecord ? 1 : rows.size);
/** Whether the row is one of them. */
export const hasRow = (rows: Rows, row: ServerRecord): boolean =>
  rows instanceof ServerRecord ? rows === row : (rows?.has(row) ?? false);
/** As a list. */
export const listOf = (rows: Rows): ServerRecord[] =>
  rows === undefined ? [] : rows instanceof ServerRecord ? [rows] : [...rows];

/** The first of them, as a list: of very many no copy is made for a message. */
export function firstOf(rows: Rows, count: number): ServerRecord[] {
  if (rows === undefined || rows instanceof ServerRecord) return listOf(rows).slice(0, count);
  const first: ServerRecord[] = [];
  for (const row of rows) {
    if (first.length === count) break;
    first.push(row);
  }
  return first;
}

/** What finds more rows tells nothing, and is not compared with anything: each of many rows would be compared with many. */
export const MANY = 100;

/** Finds rows by what they are called. */
export class RecordIndex {
  private byName?: Entries;
  private byHost?: Entries;
  private byMachine?: Entries;
  private readonly unknown = new Map<Rows, Rows>();

  constructor(private readonly records: ServerRecord[]) {}

  /** Those of a name or id. */
  named(name: string): Rows {
    return (this.byName ??= entriesOf(this.records, ({ names }) => names)).get(name);
  }

  /** Those of a name in DNS. */
  hosts(host: string): Rows {
    return (this.byHost ??= entriesOf(this.records, ({ hosts }) => hosts)).get(host);
  }

  /** Those of a virtual machine in its vCenter. */
  machines(vm: string): Rows {
    return (this.byMachine ??= entriesOf(this.records, (record) => record.vm)).get(vm);
  }

  /** Those of the rows whose virtual machine none of its own rows is of. Of many rows that is remembered: many servers ask for them. */
  unknownOf(rows: Rows): Rows {
    const isUnknown = ({ vm }: ServerRecord) => vm === undefined || sizeOf(this.machines(vm)) === 0;
    if (rows === undefined || rows instanceof ServerRecord) return rows && isUnknown(rows) ? rows : undefined;
    if (!this.unknown.has(rows)) {
      const unknown = new Set([...rows].filter(isUnknown));
      this.unknown.set(rows, unknown.size === rows.size ? rows : unknown);
    }
    return this.unknown.get(rows);
  }
}

type Entries = Map<string, ServerRecord | Set<ServerRecord>>;

function entriesOf(
  records: ServerRecord[],
  keysOf: (record: ServerRecord) => readonly string[] | string | undefined,
): Entries {
  const entries: Entries = new Map();
  for (const record of records) {
    const keys = keysOf(record);
    if (typeof keys === 'string') add(entries, keys, record);
    else for (const key of keys ?? []) add(entries, key, record);
  }
  return entries;
}

function add(entries: Entries, key: string, record: ServerRecord): void {
  const there = entries.get(key);
  if (there === undefined) entries.set(key, record);
  else if (there instanceof Set) there.add(record);
  else if (there !== record) entries.set(key, new Set([there, record]));
}
