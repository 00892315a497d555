import type { Client } from '@temporalio/client';
import type { MigrationHubClient } from '../client/migration-hub-client';
import { bounded } from '../async/bounded';
import { CliError } from './cli-error';
import { unusable, whatItMeans } from './error-words';
import { pluginsOf } from './plugins';
import { connecting } from './probe-tls';
import type { TemporalFlags } from './temporal-options';
import type { TemporalSettings } from './temporal-settings';

const CONNECT_MS = 10_000;
/** With the probe before it: by then it is said what is wrong. */
const TOTAL_MS = 13_000;

/** What commands that ask and report work with. */
export interface Connected {
  /** Of the namespace. */
  client: Client;
  /** On the same client. */
  hub: MigrationHubClient;
  /** How the server was reached. */
  settings: TemporalSettings;
}

/** Connects, works, and closes. @throws CliError, in words, where the server cannot be used */
export async function withHub<T>(flags: TemporalFlags, work: (connected: Connected) => Promise<T>): Promise<T> {
  const temporal = await import('./temporal-client.js');
  const settings = await temporal.temporalSettings(flags);
  const { connectionOptions, address, namespace } = settings;
  const fails = (error: unknown): never => {
    throw error instanceof CliError ? error : unusable(settings, error);
  };
  const plugins = await pluginsOf(flags);
  const began = performance.now();
  const options = { ...connectionOptions, address, plugins };
  const connection = await connecting(settings, plugins, () => {
    const left = Math.min(CONNECT_MS, began + TOTAL_MS - performance.now());
    return bounded(left, undefined, () => temporal.Connection.connect(options));
  }).catch(fails);
  try {
    const client = new temporal.Client({ connection, namespace });
    return await work({ client, hub: new temporal.MigrationHubClient({ client }), settings });
  } catch (error) {
    throw error instanceof CliError ? error : whatItMeans(error as Error, settings);
  } finally {
    await connection.close();
  }
}
