import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const READY_SECONDS = 300;
const DRAIN_SECONDS = 15;

export interface HubWorkerSettings {
  temporalAddress: string;
  namespace: string;
  migrationHubUrl: string;
  groups: number;
}

/** The worker process of this package, as a child that may be killed and started again. */
export class HubWorker {
  private child?: ChildProcess;
  private readonly killOnExit = () => this.child?.kill('SIGKILL');

  constructor(
    private readonly settings: HubWorkerSettings,
    /** It ended without being told to; `reason` is the last it said. */
    private readonly onUnexpectedEnd: (reason: string) => void,
  ) {
    process.once('exit', this.killOnExit);
  }

  /** Resolves when it serves its task queues. */
  async start(): Promise<void> {
    const root = resolve(__dirname, '..');
    const script = [join(root, 'src', 'worker', 'process.ts'), '--groups', String(this.settings.groups)];
    const child = spawn(process.execPath, ['--import', 'tsx', ...script], {
      cwd: root,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let said = '';
    let ready = false;
    await new Promise<void>((serving, failed) => {
      const timer = setTimeout(() => {
        this.child = undefined;
        child.kill('SIGKILL');
        failed(new Error(`the hub worker did not serve within ${READY_SECONDS} s: ${lastLine(said)}`));
      }, READY_SECONDS * 1000);
      const listen = (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4000);
        if (ready || !said.includes('serving')) return;
        ready = true;
        clearTimeout(timer);
        serving();
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('error', failed);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        const ended = `the hub worker ended (${signal ?? code}): ${lastLine(said)}`;
        if (!ready) failed(new Error(ended));
        else if (this.child === child) this.onUnexpectedEnd(ended);
      });
    });
  }

  /** As a crash would: nothing is drained. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Lets it finish what it holds. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
    process.off('exit', this.killOnExit);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child) return;
    const hardKill = setTimeout(() => child.kill('SIGKILL'), DRAIN_SECONDS * 1000);
    this.child = undefined;
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    }
    clearTimeout(hardKill);
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      AWS_PROFILE: undefined,
      AWS_SESSION_TOKEN: undefined,
      TEMPORAL_ADDRESS: this.settings.temporalAddress,
      TEMPORAL_NAMESPACE: this.settings.namespace,
      AWS_REGION: 'us-west-2',
      AWS_ENDPOINT_URL_MIGRATION_HUB: this.settings.migrationHubUrl,
      AWS_ACCESS_KEY_ID: 'demo',
      AWS_SECRET_ACCESS_KEY: 'demo',
      // Failed calls are the point of the demo, and are counted.
      LOG_LEVEL: 'error',
    };
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'it said nothing';
}
