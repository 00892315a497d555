import type { NativeConnectionOptions } from '@temporalio/worker';
import type { Ports } from './ports';

/** What `startDevEnvironment` starts. */
export interface DevSettings {
  /** Where a Temporal server is that runs; absent: one is started here. */
  given?: NativeConnectionOptions & { address: string };
  /** Of either. */
  namespace: string;
  /** For the connection to either: a codec, say. */
  plugins?: NativeConnectionOptions['plugins'];
  /** Where the parts listen. */
  ports: Ports;
  /** Other host names under which browsers reach the board. @default none */
  boardHosts?: string[];
  /** The folder that keeps the state. @default none: in memory */
  keep?: string;
  /** Whether sample servers migrate. */
  sample: boolean;
}

/** Where the parts are. */
export interface DevAddresses {
  /** The Temporal server; `ui` of one that was started here. */
  temporal: { address: string; namespace: string; ui?: string };
  /** The emulator. */
  migrationHub: string;
  /** The board, where this version has one. */
  board?: string;
  /** The sample, where it runs. */
  sample?: { progressUpdateStream: string; servers: number };
  /** What another process must have set, to work with these. */
  variables: Record<string, string>;
}

/** Everything at once, on one machine. */
export interface DevEnvironment {
  /** Where it is. */
  addresses: DevAddresses;
  /** Rejects when a part has ended by itself. */
  failed: Promise<never>;
  /** Stops the parts, in the opposite order of their start. */
  stop(): Promise<void>;
}
