import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { bounded } from '../../async/bounded';
import { noNamespace, unusable } from '../../cli/error-words';
import { whyUnreachable } from '../../cli/probe';
import type { TemporalSettings } from '../../cli/temporal-settings';
import type { TemporalPlugin } from '../load-plugins';

/** With the probe before it: within 15 s it is said what is wrong. */
const CONNECT_MS = 7_000;
const NAMESPACE_MS = 5_000;

/** gRPC's codes. */
const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;

/** Connects to Temporal. @throws CliError where the server or the namespace cannot be used */
export async function connectToTemporal(
  settings: TemporalSettings,
  plugins: TemporalPlugin[],
): Promise<NativeConnection> {
  const { address, connectionOptions } = settings;
  const fails = (error: unknown): never => {
    throw unusable(settings, error);
  };
  // A plugin may connect to another address.
  const unreachable = plugins.length === 0 && (await whyUnreachable(address));
  if (unreachable) fails(unreachable);
  const options = { ...connectionOptions, address, plugins } as NativeConnectionOptions;
  const connection = await bounded(CONNECT_MS, undefined, () => NativeConnection.connect(options)).catch(fails);
  await checkNamespace(connection, settings);
  return connection;
}

/** The workers would fail later. A server that does not describe namespaces is asked no further. */
async function checkNamespace(connection: NativeConnection, settings: TemporalSettings): Promise<void> {
  const { namespace } = settings;
  try {
    await askTemporal(connection, NAMESPACE_MS, () => connection.workflowService.describeNamespace({ namespace }));
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === UNIMPLEMENTED) return;
    throw code === NOT_FOUND ? noNamespace(settings) : unusable(settings, error);
  }
}

/** A call that ends within `ms`, whatever the server does. */
export const askTemporal = <T>(connection: NativeConnection, ms: number, call: () => Promise<T>): Promise<T> =>
  bounded(ms, undefined, () => connection.withDeadline(Date.now() + ms, call));
