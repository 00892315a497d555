import { biosIdOf } from '../values/attributes';
import { comparableBiosId } from '../values/bios-id';
import { folded } from '../values/task-name';
import type { ServerRecord } from './record';

/** What shows that two rows are of different servers. */
export interface Difference {
  /** `FQDN`. */
  what: string;
  /** That of the one. */
  here: string;
  /** That of the other. */
  there: string;
}

/**
 * Tells what shows that two rows of the same name are of different servers: another vCenter, another id in it, in Application Discovery
 * Service or of the BIOS, or no FQDN that both have. What a row lacks shows nothing.
 */
export const differencesOf = (one: ServerRecord, other: ServerRecord): Difference[] =>
  [
    differing('vCenter', one.managerId, other.managerId),
    differing('VM id', one.vmId, other.vmId),
    discoveredDifference(one, other),
    haveSameHost(one, other) ? undefined : differing('FQDN', one.fqdn, other.fqdn),
    differing('BIOS_ID', biosIdOf(one.attributes), biosIdOf(other.attributes), comparableBiosId),
  ].filter((each) => each !== undefined);

/** Whether both are surely of one virtual machine. */
export const areOneMachine = (one: ServerRecord, other: ServerRecord): boolean =>
  one.vm !== undefined && one.vm === other.vm && !discoveredDifference(one, other);

/** Whether both may be of one virtual machine. */
export const mayBeOneMachine = (one: ServerRecord, other: ServerRecord): boolean =>
  !differing('vCenter', one.managerId, other.managerId) && !differing('VM id', one.vmId, other.vmId);

const discoveredDifference = (one: ServerRecord, other: ServerRecord): Difference | undefined =>
  differing('id in Application Discovery Service', one.discoveredResource, other.discoveredResource);

/** `comparable`: how two values are compared; undefined of one that says nothing. */
function differing(
  what: string,
  here: string | undefined,
  there: string | undefined,
  comparable: (value: string) => string | undefined = folded,
): Difference | undefined {
  if (here === undefined || there === undefined || here === there) return undefined;
  const [a, b] = [comparable(here), comparable(there)];
  return a === undefined || b === undefined || a === b ? undefined : { what, here, there };
}

/** One with a domain. */
function haveSameHost({ hosts }: ServerRecord, other: ServerRecord): boolean {
  const theirs = new Set(other.hosts);
  return hosts.some((host) => host.includes('.') && theirs.has(host));
}
