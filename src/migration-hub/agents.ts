import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { caBundle } from './ca-bundle';

/** The numbers are the SDK's own. */
const KEPT = { keepAlive: true, maxSockets: 50 };

/**
 * For clients of the AWS SDK: connections that are used only where they were made in time. After a standstill of the process the system
 * reports them as made before any timer says that their time is over, and a request that has waited for one would go out: an old one.
 */
export function agents(limitMs: number): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  class Http extends HttpAgent {
    override createConnection(...args: Parameters<HttpAgent['createConnection']>) {
      return usedInTime(() => super.createConnection(...args), 'connect', limitMs);
    }
  }
  class Https extends HttpsAgent {
    override createConnection(...args: Parameters<HttpsAgent['createConnection']>) {
      return usedInTime(() => super.createConnection(...args), 'secureConnect', limitMs);
    }
  }
  return { httpAgent: new Http(KEPT), httpsAgent: new Https({ ...KEPT, ...caBundle() }) };
}

function usedInTime(begin: () => Duplex | null | undefined, made: string, limitMs: number) {
  const begun = [performance.now(), Date.now()] as const;
  const socket = begin();
  // Before what has waited for the connection is written.
  socket?.once(made, () => {
    // The monotonic clock does not count the time in which the whole machine was suspended.
    const took = Math.max(performance.now() - begun[0], Date.now() - begun[1]);
    if (took > limitMs)
      socket.destroy(Object.assign(new Error(`no connection within ${limitMs / 1000} s`), { code: 'ETIMEDOUT' }));
  });
  return socket;
}
