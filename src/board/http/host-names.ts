import { isIP } from 'node:net';

const ANY = ['0.0.0.0', '::'];

/** An address or a name as browsers write it: IPv6 in its shortest form, other letters than those of ASCII as `xn--…`; undefined for what is neither. */
export function canonicalHost(host: string): string | undefined {
  const isV6 = isIP(host) === 6;
  const url = `http://${isV6 ? `[${host.replace(/%.*/, '')}]` : host}`;
  if ((!isV6 && /[\s:/?#@\\]/.test(host)) || !URL.canParse(url)) return undefined;
  const name = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return isIP(name) !== 0 || /^[\w.-]+$/.test(name) ? name : undefined;
}

/** An address or a name that only this machine reaches. */
export function isLoopback(host: string): boolean {
  const name = canonicalHost(host);
  return name === 'localhost' || name === '::1' || (name !== undefined && isIP(name) === 4 && name.startsWith('127.'));
}

/** The name or address in a Host header, without its port; undefined where it has none. */
export function hostNameOf(header: string | undefined): string | undefined {
  const [, ipv6, name] = /^(?:\[([0-9a-f:.]+)\]|([^\s:/@[\]]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  return canonicalHost(ipv6 ?? name ?? '');
}

/**
 * Which Host headers a board answers. A page of another site can make a name of its own lead to this machine, and then read what is
 * here (DNS rebinding): its browser still sends that name.
 */
export class HostNames {
  private readonly names: Set<string>;
  private readonly takesAddresses: boolean;

  /** `host`: where the board listens. `more`: other names by which it is reached, as through a proxy. */
  constructor(host: string, more: string[]) {
    this.names = new Set([
      'localhost',
      '127.0.0.1',
      '::1',
      ...[host, ...more].flatMap((name) => canonicalHost(name) ?? []),
    ]);
    this.takesAddresses = ANY.includes(canonicalHost(host) ?? '');
  }

  /** Whether a request with this Host header is for the board. Where it listens on all addresses, any of them is: rebinding needs a name. */
  accepts(header: string | undefined): boolean {
    const name = hostNameOf(header);
    if (name === undefined) return false;
    return this.names.has(name) || (this.takesAddresses && isIP(name) !== 0);
  }

  /** For a message. */
  toString(): string {
    return [...this.names].join(', ');
  }
}
