import type { ServerRecord } from './record';

/** Finds rows by what they are called. */
export class RecordIndex {
  private readonly byName = new Map<string, ServerRecord | ServerRecord[]>();
  private readonly byHost = new Map<string, ServerRecord | ServerRecord[]>();
  private readonly byMachine = new Map<string, ServerRecord | ServerRecord[]>();

  constructor(records: ServerRecord[]) {
    for (const record of records) {
      for (const name of record.names) add(this.byName, name, record);
      for (const host of record.hosts) add(this.byHost, host, record);
      if (record.vm !== undefined) add(this.byMachine, record.vm, record);
    }
  }

  /** Those of a name or id. */
  named(name: string): ServerRecord[] {
    return listIn(this.byName, name);
  }

  /** Those of a name in DNS. */
  hosts(host: string): ServerRecord[] {
    return listIn(this.byHost, host);
  }

  /** Those of a virtual machine in its vCenter. */
  machines(vm: string): ServerRecord[] {
    return listIn(this.byMachine, vm);
  }
}

type Entries = Map<string, ServerRecord | ServerRecord[]>;

/** Most have one: a list of one for each would take twice the memory. */
function add(entries: Entries, key: string, record: ServerRecord): void {
  const there = entries.get(key);
  if (there === undefined) entries.set(key, record);
  else if (Array.isArray(there)) {
    if (!there.includes(record)) there.push(record);
  } else if (there !== record) entries.set(key, [there, record]);
}

function listIn(entries: Entries, key: string): ServerRecord[] {
  const there = entries.get(key);
  return there === undefined ? [] : Array.isArray(there) ? there : [there];
}
