import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { ConfigurationError } from '../report/configuration-error';

const READY_SECONDS = 60;
const STOP_SECONDS = 10;
const LOOK_MS = 100;
const TAIL_CHARACTERS = 100_000;
const LAST_LINES = 3;
/** Go says this before the stacks of all goroutines. */
const PANIC = /^(?:panic|fatal error): .*/m;
/**
 * For a shell: ends the server when the pipe closes, which it does when this process is gone, however that went. `exec` keeps the
 * process id, so `$$` is the server's.
 */
const GUARDED = '(read -r _ <&3; kill "$$") >/dev/null 2>&1 & exec "$0" "$@" 3<&-';

/** What a Temporal server of our own needs to know. */
export interface TemporalServerSettings {
  /** The executable of the Temporal CLI. */
  executable: string;
  /** Of gRPC. */
  port: number;
  /** Of the UI. */
  uiPort: number;
  /** Made at the start. */
  namespace: string;
  /** The SQLite file that keeps its state. @default in memory */
  dbFilename?: string;
}

/** `temporal server start-dev` as a child of this process. */
export class TemporalServer {
  /** Resolves when it has ended, with the last that it wrote on stderr, or its panic. */
  readonly ended: Promise<string>;
  /** Host and port of gRPC. */
  readonly address: string;
  /** Of the UI. */
  readonly uiUrl: string;
  private readonly child: ChildProcess;
  private readonly kill = () => void this.child.kill('SIGKILL');
  private tail = '';
  private hasEnded = false;

  constructor(private readonly settings: TemporalServerSettings) {
    const { executable, port, uiPort, namespace, dbFilename } = settings;
    this.address = `127.0.0.1:${port}`;
    this.uiUrl = `http://127.0.0.1:${uiPort}`;
    const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)];
    args.push('--namespace', namespace, '--log-level', 'error', ...(dbFilename ? ['--db-filename', dbFilename] : []));
    this.child = spawnGuarded(executable, args);
    this.child.stderr?.on('data', (data: Buffer) => {
      this.tail = (this.tail + data.toString()).slice(-TAIL_CHARACTERS);
    });
    // Ctrl-C in a terminal does not reach it, since it is in a group of its own.
    process.once('exit', this.kill);
    this.ended = this.untilEnd();
  }

  private async untilEnd(): Promise<string> {
    this.child.once('exit', () => {
      this.hasEnded = true;
      (this.child.stdio[3] as Duplex | undefined)?.destroy();
    });
    // After it, when all that it wrote has come.
    const closed = once(this.child, 'close') as Promise<[code: number | null, signal: string | null]>;
    const how = await closed.then(
      ([code, signal]) => (code === null ? `by ${signal}` : `with code ${code}`),
      (error: Error) => `before it began (${error.message})`,
    );
    this.hasEnded = true;
    process.off('exit', this.kill);
    const last = PANIC.exec(this.tail)?.[0] ?? this.tail.trim().split('\n').slice(-LAST_LINES).join(' ');
    return last ? `${how}: ${last}` : how;
  }

  /** Waits until it serves the namespace, and its UI answers. @throws ConfigurationError where it does not */
  async connect(signal: AbortSignal, plugins?: NativeConnectionOptions['plugins']): Promise<NativeConnection> {
    let last = '';
    for (const end = Date.now() + READY_SECONDS * 1000; Date.now() < end; await delay(LOOK_MS, undefined, { signal })) {
      if (this.hasEnded)
        throw new ConfigurationError(`${this.settings.executable} server start-dev has ended ${await this.ended}`);
      const connection = await NativeConnection.connect({ address: this.address, plugins }).catch((error: Error) => {
        last = ` (${error.message})`;
        return undefined;
      });
      if (!connection) continue;
      if (await this.isReady(connection)) return connection;
      await connection.close();
    }
    throw new ConfigurationError(
      `${this.settings.executable} server start-dev does not answer at ${this.address} within ${READY_SECONDS} s${last}: start it by hand to see why`,
    );
  }

  private async isReady({ workflowService }: NativeConnection): Promise<boolean> {
    const { namespace } = this.settings;
    const asked = [workflowService.describeNamespace({ namespace }), fetch(this.uiUrl)];
    return (await Promise.allSettled(asked)).every(({ status }) => status === 'fulfilled');
  }

  /** Ends it in order, or after {@link STOP_SECONDS} at once. */
  async stop(): Promise<void> {
    if (!this.hasEnded) this.child.kill('SIGTERM');
    const late = new AbortController();
    await Promise.race([this.ended, delay(STOP_SECONDS * 1000, undefined, { signal: late.signal, ref: false })]);
    late.abort();
    if (!this.hasEnded) this.kill();
    await this.ended;
  }
}

function spawnGuarded(executable: string, args: string[]): ChildProcess {
  if (process.platform === 'win32') return spawn(executable, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const stdio: ('ignore' | 'pipe')[] = ['ignore', 'ignore', 'pipe', 'pipe'];
  return spawn('/bin/sh', ['-c', GUARDED, executable, ...args], { detached: true, stdio });
}
