import { quoted } from '../values/cell';
import { folded } from '../values/task-name';
import { join, leave, placeOf, refuse, someOf, type ServerRecord } from './record';
import { listOf, RecordIndex } from './record-index';

/**
 * Joins rows of network adapters to those of their virtual machines: by vCenter (VI SDK UUID) and VM ID; where a row lacks one of
 * them, by the name, if only one machine has it, and not another id. Without rows of machines, adapters of one vCenter and VM ID make
 * one machine.
 * @returns those machines
 */
export function joinAdapters(adapters: ServerRecord[], machines: ServerRecord[] | undefined): ServerRecord[] {
  const usable = adapters.filter(({ fault }) => fault === undefined);
  if (!machines) return machinesOf(usable);
  const index = new RecordIndex(machines);
  for (const adapter of usable) joinOne(adapter, index);
  return [];
}

function joinOne(adapter: ServerRecord, index: RecordIndex): void {
  const { vm, names } = adapter;
  const sure = vm === undefined ? [] : listOf(index.machines(vm));
  const found =
    sure.length > 0
      ? sure
      : names.flatMap((name) => listOf(index.named(name))).filter((machine) => mayBeOf(adapter, machine));
  const [machine] = found;
  const other = found.find((each) => !isOfSameName(adapter, each));
  if (other) return refuseOther(adapter, other);
  if (!machine) leave(adapter, 'vInfo has no row for its virtual machine');
  else if (found.length === 1) join(machine, adapter, sure.length > 0 ? 'by VI SDK UUID and VM ID' : 'by VM');
  else
    refuse(
      adapter,
      `its virtual machine is in ${found.length} rows of vInfo (${someOf(found)}), and it is not clear which one is meant. Export both tabs with the columns VM ID and VI SDK UUID.`,
    );
}

const isOfSameName = (adapter: ServerRecord, machine: ServerRecord): boolean =>
  folded(adapter.name) === folded(machine.name);

/** An id with a slip would give a machine the addresses of another one. */
function refuseOther(adapter: ServerRecord, machine: ServerRecord): void {
  const what = `by VM ID and VI SDK UUID the adapter belongs to ${quoted(machine.name)} (${placeOf(machine)})`;
  refuse(adapter, `${what}, but its column VM is ${quoted(adapter.name)}. Correct the wrong one.`);
}

/** Of the same name; where both have an id, it must be the same. */
function mayBeOf(adapter: ServerRecord, machine: ServerRecord): boolean {
  if (adapter.vm !== undefined && machine.vm !== undefined) return false;
  return adapter.vmId === undefined || machine.vmId === undefined || adapter.vmId === machine.vmId;
}

function machinesOf(adapters: ServerRecord[]): ServerRecord[] {
  const machines = new Map<string, ServerRecord>();
  for (const adapter of adapters) {
    const { vm } = adapter;
    const there = vm === undefined ? undefined : machines.get(vm);
    if (vm === undefined)
      refuse(
        adapter,
        'without VM ID and VI SDK UUID it is not clear which adapters belong to one virtual machine. Add the file of the tab vInfo.',
      );
    else if (there && !isOfSameName(adapter, there)) refuseOther(adapter, there);
    else if (there) join(there, adapter, 'by VI SDK UUID and VM ID');
    else machines.set(vm, adapter);
  }
  return [...machines.values()];
}
