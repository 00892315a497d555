import type { ServerRecord } from './record';

/** Rows that a key finds. */
export type Rows = ReadonlySet<ServerRecord>;

/** Finds rows by what they are called. */
export class RecordIndex {
  private byName?: Entries;
  private byHost?: Entries;
  private byMachine?: Entries;

  constructor(private readonly records: ServerRecord[]) {}

  /** Those of a name or id. */
  named(name: string): Rows {
    return rowsIn((this.byName ??= entriesOf(this.records, ({ names }) => names)), name);
  }

  /** Those of a name in DNS. */
  hosts(host: string): Rows {
    return rowsIn((this.byHost ??= entriesOf(this.records, ({ hosts }) => hosts)), host);
  }

  /** Those of a virtual machine in its vCenter. */
  machines(vm: string): Rows {
    return rowsIn((this.byMachine ??= entriesOf(this.records, (record) => record.vm)), vm);
  }
}

/** Most keys find one row: a set of one for each would take twice the memory. */
type Entries = Map<string, ServerRecord | Set<ServerRecord>>;

const NONE: Rows = new Set();

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

function rowsIn(entries: Entries, key: string): Rows {
  const there = entries.get(key);
  return there === undefined ? NONE : there instanceof Set ? there : new Set([there]);
}
