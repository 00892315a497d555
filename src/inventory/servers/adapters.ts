import { quoted } from '../values/cell';
import { mayBeOneMachine } from './difference';
import { join, leave, placeOf, refuse, SHOWN, someOf, type ServerRecord } from './record';
import { firstOf, listOf, MANY, RecordIndex, sizeOf, type Rows } from './record-index';

/**
 * Joins rows of network adapters to those of their virtual machines: by vCenter (VI SDK UUID) and VM ID; where a row lacks one of
 * them, by the name, if only one machine has it, and not another id. Without rows of machines, adapters of one vCenter and VM ID make
 * one machine. A machine of which an adapter has an error has one, too: its addresses are not all known.
 * @returns those machines, and of the adapters with an error that are of no machine one for each name: no other source has that server
 * without them
 */
export function joinAdapters(adapters: ServerRecord[], machines: ServerRecord[] | undefined): ServerRecord[] {
  const made = machines ? [] : machinesOf(adapters);
  const index = new RecordIndex(machines ?? made);
  if (machines) for (const adapter of adapters) if (adapter.fault === undefined) joinOne(adapter, index);
  const strays = refuseMachines(
    adapters.filter(({ fault }) => fault !== undefined),
    index,
  );
  for (const stray of strays) made.push(stray);
  return made;
}

function joinOne(adapter: ServerRecord, index: RecordIndex): void {
  const { vm, names } = adapter;
  const sure = vm === undefined ? undefined : index.machines(vm);
  const isSure = sizeOf(sure) > 0;
  const rows = isSure ? [sure] : names.map((name) => index.named(name));
  const many = rows.find((each) => sizeOf(each) > MANY);
  if (many) return refuseAmbiguous(adapter, `more than ${MANY}`, firstOf(many, SHOWN + 1));
  const found = rows.flatMap(listOf).filter((machine) => isSure || mayBeOneMachine(adapter, machine));
  const [machine] = found;
  const other = found.find((each) => !isOfSameName(adapter, each));
  if (other) return refuseOther(adapter, other);
  if (!machine) leave(adapter, 'vInfo has no row for its virtual machine');
  else if (found.length > 1) refuseAmbiguous(adapter, String(found.length), found);
  else if (isSure) join(machine, adapter, 'by VI SDK UUID and VM ID');
  else joinByName(adapter, machine);
}

/** The machine may have no id: then that of its first adapter counts. */
function joinByName(adapter: ServerRecord, machine: ServerRecord): void {
  const [first] = machine.joined ?? [];
  if (!first || mayBeOneMachine(adapter, first)) return join(machine, adapter, 'by VM');
  const what = `vInfo has only one row of this name (${placeOf(machine)}), but vNetwork has two virtual machines of it`;
  refuse(adapter, `${what} (see ${placeOf(first)}). Export both tabs with the columns VM ID and VI SDK UUID.`);
}

function refuseAmbiguous(adapter: ServerRecord, count: string, some: ServerRecord[]): void {
  const what = `its virtual machine is in ${count} rows of vInfo (${someOf(some)}), and it is not clear which one is meant`;
  refuse(adapter, `${what}. Export both tabs with the columns VM ID and VI SDK UUID.`);
}

const isOfSameName = (adapter: ServerRecord, machine: ServerRecord): boolean => adapter.names[0] === machine.names[0];

/** An id with a slip would give a machine the addresses of another one. */
function refuseOther(adapter: ServerRecord, machine: ServerRecord): void {
  const what = `by VM ID and VI SDK UUID the adapter belongs to ${quoted(machine.name)} (${placeOf(machine)})`;
  refuse(adapter, `${what}, but its column VM is ${quoted(adapter.name)}. Correct the wrong one.`);
}

/** Refuses the machines of adapters that have an error. Returns the adapters whose name none has: the first of each has the others. */
function refuseMachines(adapters: ServerRecord[], index: RecordIndex): Iterable<ServerRecord> {
  const refused = new Set<Rows>();
  const strays = new Map<string, ServerRecord>();
  for (const adapter of adapters) {
    const machines = machinesFor(adapter, index);
    if (!machines.some((rows) => hasSameName(adapter, rows))) addStray(adapter, strays);
    for (const rows of machines) {
      // Many adapters may be of the same many machines.
      if (refused.has(rows)) continue;
      refused.add(rows);
      for (const machine of listOf(rows)) refuseMachine(machine, adapter);
    }
  }
  return strays.values();
}

function addStray(adapter: ServerRecord, strays: Map<string, ServerRecord>): void {
  const key = adapter.names[0] ?? '';
  const there = strays.get(key);
  if (there) join(there, adapter);
  else strays.set(key, adapter);
}

function refuseMachine(machine: ServerRecord, adapter: ServerRecord): void {
  if (machine.fault !== undefined) return;
  refuse(machine, `the row of its network adapter (${placeOf(adapter)}) has an error. Correct that row first.`);
}

/** Those of the adapter's id; where none of them has its name, those that have it, too: the error may be in the id. */
function machinesFor(adapter: ServerRecord, index: RecordIndex): Rows[] {
  const { vm, names } = adapter;
  const sure = vm === undefined ? undefined : index.machines(vm);
  return hasSameName(adapter, sure) ? [sure] : [sure, ...names.map((name) => index.named(name))];
}

const hasSameName = (adapter: ServerRecord, machines: Rows): boolean =>
  firstOf(machines, MANY).some((machine) => isOfSameName(adapter, machine));

/** The first adapter of each; it may have an error. */
function machinesOf(adapters: ServerRecord[]): ServerRecord[] {
  const machines = new Map<string, ServerRecord>();
  for (const adapter of adapters) {
    const { vm } = adapter;
    const there = vm === undefined ? undefined : machines.get(vm);
    if (vm !== undefined && !there) machines.set(vm, adapter);
    else if (adapter.fault !== undefined) continue;
    else if (!there)
      refuse(
        adapter,
        'without VM ID and VI SDK UUID it is not clear which adapters belong to one virtual machine. Add the file of the tab vInfo.',
      );
    else if (isOfSameName(adapter, there)) join(there, adapter, 'by VI SDK UUID and VM ID');
    else refuseOther(adapter, there);
  }
  return [...machines.values()];
}
