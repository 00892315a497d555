import type { ServerRecord } from './record';

/** Rows that a key finds. */
export type Rows = ReadonlySet<ServerRecord>;

/** Finds rows by what they are called. */
export class RecordIndex {
  private readonly byName: Entries = new Map();
  private readonly byHost: Entries = new Map();
  private readonly byMachine: Entries = new Map();

  constructor(records: ServerRecord[]) {
    for (const record of records) {
      for (const name of record.names) add(this.byName, name, record);
      for (const host of record.hosts) add(this.byHost, host, record);
      if (record.vm !== undefined) add(this.byMachine, record.vm, record);
    }
  }

  /** Those of a name or id. */
  named(name: string): Rows {
    return rowsIn(this.byName, name);
  }

  /** Those of a name in DNS. */
  hosts(host: string): Rows {
    return rowsIn(this.byHost, host);
  }

  /** Those of a virtual machine in its vCenter. */
  machines(vm: string): Rows {
    return rowsIn(this.byMachine, vm);
  }
}

/** Most keys find one row: a set of one for each would take twice the memory. */
type Entries = Map<string, ServerRecord | Set<ServerRecord>>;

const NONE: Rows = new Set();

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
