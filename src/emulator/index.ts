import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { addAdminRoutes } from './admin-routes';
import { addAwsRoute } from './aws-route';
import { FaultRules } from './fault-rules';
import { Journal } from './journal';
import { Store } from './store';
import type { Emulator, EmulatorOptions } from './types';

export { FaultRuleError } from './fault-rule-check';
export type { Emulator, EmulatorOptions, EmulatorTask, FaultAction, FaultRule, JournalEntry } from './types';

const HOME_REGION = /^[a-z]+-[a-z]+-[0-9]+$/;

function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/**
 * Starts AWS Migration Hub on a port, with all state in memory.
 *
 * Rejects with the system's error (`code` EADDRINUSE and so on) when it cannot listen, and with a RangeError when the
 * home region is not the name of a region.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, host = '127.0.0.1', homeRegion = 'us-west-2', now: clock = Date.now } = options;
  if (!HOME_REGION.test(homeRegion)) throw new RangeError(`homeRegion must look like us-west-2, not ${homeRegion}`);

  const now = () => clock() / 1000;
  const store = new Store(now);
  const journal = new Journal();
  const faults = new FaultRules(now);
  const reset = () => {
    store.reset();
    journal.reset();
    faults.clear();
  };

  const app = fastify({
    bodyLimit: 1024 * 1024,
    keepAliveTimeout: 120_000,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  addAwsRoute(app, { store, journal, faults, homeRegion, now });
  addAdminRoutes(app, { store, journal, faults, homeRegion, now, reset });
  try {
    await app.listen({ port, host });
  } catch (error) {
    await app.close();
    throw error;
  }

  const listening = (app.server.address() as AddressInfo).port;
  const close = async () => {
    await app.close();
  };
  const emulator = {
    url: urlOf(host, listening),
    port: listening,
    tasks: () => store.snapshot(),
    requests: (filter?: { operation?: string; task?: string }) => journal.entries(filter),
    setFaults: (rules: unknown) => faults.set(rules),
    clearFaults: () => faults.clear(),
    reset,
    close,
  };
  return Object.assign(emulator, { [Symbol.asyncDispose]: close });
}
