import { folded } from './task-name';

/** The bytes of the first three groups, which some tools write in reverse. */
const FIRST_GROUPS = /^(..)(..)(..)(..)(..)(..)(..)(..)/;

/**
 * How BIOS_IDs are compared: without case, blanks and dashes, and whichever order a tool writes the bytes of the first three groups in
 * (SMBIOS specification, 7.2.1). Undefined of one that is not set: all zeros, or all ones.
 */
export function comparableBiosId(value: string): string | undefined {
  const digits = value.replace(/^vmware-|[\s{}-]/gi, '').toLowerCase();
  if (/^(?:0{32}|f{32})$/.test(digits)) return undefined;
  if (!/^[\da-f]{32}$/.test(digits)) return folded(value);
  const reversed = digits.replace(FIRST_GROUPS, '$4$3$2$1$6$5$8$7');
  return digits < reversed ? digits : reversed;
}
