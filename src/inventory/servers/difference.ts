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
 * Tells what shows that two rows of the same name are of different servers: another vCenter, another id in it, or no FQDN that both have.
 * What a row lacks shows nothing.
 */
export const differenceOf = (one: ServerRecord, other: ServerRecord): Difference | undefined =>
  differing('vCenter', one.managerId, other.managerId) ??
  differing('VM id', one.vmId, other.vmId) ??
  (haveSameHost(one, other) ? undefined : differing('FQDN', one.fqdn, other.fqdn));

/** Whether both are surely of one virtual machine. */
export const areOneMachine = (one: ServerRecord, other: ServerRecord): boolean =>
  one.vm !== undefined && one.vm === other.vm;

/** Whether both may be of one virtual machine. */
export const mayBeOneMachine = (one: ServerRecord, other: ServerRecord): boolean =>
  !differing('vCenter', one.managerId, other.managerId) && !differing('VM id', one.vmId, other.vmId);

const differing = (what: string, here: string | undefined, there: string | undefined): Difference | undefined =>
  here === undefined || there === undefined || folded(here) === folded(there) ? undefined : { what, here, there };

/** One with a domain. */
function haveSameHost({ hosts }: ServerRecord, other: ServerRecord): boolean {
  const theirs = new Set(other.hosts);
  return hosts.some((host) => host.includes('.') && theirs.has(host));
}
