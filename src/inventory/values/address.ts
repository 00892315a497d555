import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { ResourceAttribute } from '../../report';

/** What a text is, by itself, whatever column it stands in. */
export type Address =
  | { kind: 'attribute'; attribute: ResourceAttribute }
  /** A host name without a domain. */
  | { kind: 'host'; name: string }
  /** An address or a name that says nothing of one server: link-local, loopback, all zeros. */
  | { kind: 'local' }
  | { kind: 'unknown' };

const LOCAL: Address = { kind: 'local' };
const attribute = (type: string, value: string): Address => ({ kind: 'attribute', attribute: { type, value } });

const localAddresses = new BlockList();
localAddresses.addSubnet('0.0.0.0', 8);
localAddresses.addSubnet('127.0.0.0', 8);
localAddresses.addSubnet('169.254.0.0', 16);
localAddresses.addRange('::', '::1', 'ipv6');
localAddresses.addSubnet('fe80::', 10, 'ipv6');

const MAC = /^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$|^(?:[\da-f]{4}\.){2}[\da-f]{4}$/i;
/** Some letters are several characters: one of them, and the marks on it. */
const LABEL = '[\\p{L}\\p{N}_](?:[\\p{L}\\p{M}\\p{N}_-]{0,61}[\\p{L}\\p{M}\\p{N}_])?';
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'u');
const LOCAL_HOST = /^localhost(?:\.|$)/i;
const MAX_HOST_LENGTH = 253;

/**
 * Tells what a text is: IPV4_ADDRESS, IPV6_ADDRESS (in eight groups of four digits, as Migration Hub wants it), MAC_ADDRESS (with
 * colons, in lower case), FQDN, or a host name alone. The length of a subnet (`/24`) and a zone (`%eth0`) are left out.
 */
export function addressOf(text: string): Address {
  const address = text.replace(/(?:%[^/]*)?(?:\/\d{1,3})?$/, '');
  if (isIPv4(address)) return localAddresses.check(address) ? LOCAL : attribute('IPV4_ADDRESS', address);
  if (isIPv6(address)) return ipv6(address);
  if (MAC.test(text)) return mac(text);
  return host(text);
}

function ipv6(address: string): Address {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return addressOf(mapped);
  return localAddresses.check(address, 'ipv6') ? LOCAL : attribute('IPV6_ADDRESS', eightGroups(address));
}

/** `2001:db8::1` as `2001:0db8:0000:0000:0000:0000:0000:0001`. */
function eightGroups(address: string): string {
  const bytes = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [a = 0, b = 0, c = 0, d = 0] = bytes?.slice(1).map(Number) ?? [];
  const groups = bytes
    ? `${address.slice(0, bytes.index)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    : address;
  const [before = '', after] = groups.split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => group.toLowerCase().padStart(4, '0')).join(':');
}

function mac(text: string): Address {
  const digits = text.replace(/[:.-]/g, '').toLowerCase();
  if (/^(?:0+|f+)$/.test(digits)) return LOCAL;
  return attribute('MAC_ADDRESS', digits.match(/../g)?.join(':') ?? '');
}

function host(text: string): Address {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (name.length > MAX_HOST_LENGTH || !HOST.test(name)) return { kind: 'unknown' };
  if (LOCAL_HOST.test(name)) return LOCAL;
  if (!name.includes('.')) return { kind: 'host', name };
  // 10.0.0.300 is no name, but an address with a slip.
  return /\.\d+$/.test(name) ? { kind: 'unknown' } : attribute('FQDN', name);
}
