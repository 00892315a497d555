import { isIP } from 'node:net';

const ANY = ['0.0.0.0', '::'];

/** An address or a name that only this machine reaches. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** The name or address in a Host header, without its port; undefined where it has none. */
export function hostNameOf(header: string | undefined): string | undefined {
  const [, ipv6, name] = /^(?:\[([0-9a-f:.]+)\]|([^\s:/@[\]]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  return (ipv6 ?? name)?.toLowerCase();
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
      host.toLowerCase(),
      ...more.map((name) => name.toLowerCase()),
    ]);
    this.takesAddresses = ANY.includes(host);
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
