import type { ResourceAttribute } from '../../report';

/** Of a value, in code points; its attribute is left out where it is longer (Migration Hub model, 2017-05-31). */
export const MAX_VALUE_LENGTH = 256;
/** Of a task. */
export const MAX_ATTRIBUTES = 100;

/** Which attributes come first: names and ids are few, addresses may be many. */
const ORDER = [
  ...['FQDN', 'VM_MANAGER_ID', 'VM_MANAGED_OBJECT_REFERENCE', 'VM_NAME', 'VM_PATH', 'BIOS_ID'],
  ...['IPV4_ADDRESS', 'IPV6_ADDRESS', 'MAC_ADDRESS'],
];

/**
 * The attributes of a server from all rows that tell of it: each once, in an order that does not depend on that of the rows. Migration Hub drops the VM_… attributes of a
 * server without a VM_MANAGER_ID: they are left out.
 */
export function mergedAttributes(attributes: ResourceAttribute[]): ResourceAttribute[] {
  const hasManager = attributes.some(({ type }) => type === 'VM_MANAGER_ID');
  const seen = new Set<string>();
  const merged = attributes.filter(({ type, value }) => {
    const key = `${type} ${value.toLowerCase()}`;
    if (seen.has(key) || (!hasManager && type.startsWith('VM_'))) return false;
    seen.add(key);
    return true;
  });
  return merged.sort(
    (a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type) || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0),
  );
}

/** Which of them is the BIOS_ID. */
export const biosIdOf = (attributes: readonly ResourceAttribute[]): string | undefined =>
  attributes.find(({ type }) => type === 'BIOS_ID')?.value;

/** Whether Migration Hub takes this as a value. */
export const isValue = (value: string): boolean =>
  !/[\p{Cc}\u2028\u2029]/u.test(value) && (value.length <= MAX_VALUE_LENGTH || [...value].length <= MAX_VALUE_LENGTH);
