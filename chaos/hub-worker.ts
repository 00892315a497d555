import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { endChild } from './end-child';

const READY_SECONDS = 90;
const DRAIN_SECONDS = 15;
const ROOT = resolve(__dirname, '..');

export interface HubWorkerSettings {
  temporalAddress: string;
  migrationHubUrl: string;
  /** Absent: the worker sets none. */
  groups?: number;
  /** Workflows that it keeps in its cache; default: as the SDK has it. Then it runs from the sources. */
  maxCachedWorkflows?: number;
  /** Seconds by which its clock is ahead; SIGUSR2 adds `jumpSeconds`. */
  clock?: { aheadSeconds?: number; jumpSeconds?: number };
}

/** The compiled worker process, as a child that may be killed and started again. */
export class HubWorker {
  private child?: ChildProcess;

  constructor(
    private readonly settings: HubWorkerSettings,
    /** It ended without being told to. */
    private readonly onUnexpectedEnd: (error: Error) => void,
  ) {}

  /** Resolves when it serves its task queues. */
  async start(): Promise<void> {
    const { clock, groups, maxCachedWorkflows: cached } = this.settings;
    const setGroups = groups === undefined ? [] : ['--groups', String(groups)];
    const preload = clock ? ['--import', resolve(__dirname, 'shifted-clock.mjs')] : [];
    const script =
      cached === undefined
        ? [resolve(ROOT, 'lib', 'cli.js'), 'worker', ...setGroups]
        : ['--import', 'tsx', resolve(__dirname, 'few-cached-worker.ts'), String(groups ?? 0), String(cached)];
    const child = spawn(process.execPath, [...preload, ...script], {
      cwd: ROOT,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let said = '';
    await new Promise<void>((serving, failed) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        failed(new Error(`the hub worker did not serve within ${READY_SECONDS} s: ${said.trim()}`));
      }, READY_SECONDS * 1000);
      const listen = (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-1000);
        if (!said.includes('serving')) return;
        clearTimeout(timer);
        serving();
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('error', failed);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        if (this.child !== child) return serving(); // as it was told to, before it was ready
        const error = new Error(`the hub worker ended (${signal ?? code}): ${said.trim()}`);
        failed(error);
        this.onUnexpectedEnd(error);
      });
    });
  }

  /** Makes its clock jump. */
  jump(): void {
    this.child?.kill('SIGUSR2');
  }

  /** Stops it in the middle of whatever it does, until `thaw`. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** As a crash would: nothing is drained. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Lets it finish what it holds. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.child = undefined;
    await endChild(child, signal, DRAIN_SECONDS);
  }

  private environment(): NodeJS.ProcessEnv {
    const { clock, temporalAddress, migrationHubUrl } = this.settings;
    return {
      ...process.env,
      AWS_PROFILE: undefined,
      AWS_SESSION_TOKEN: undefined,
      TEMPORAL_PROFILE: undefined,
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_ADDRESS: temporalAddress,
      AWS_REGION: 'us-west-2',
      AWS_ENDPOINT_URL_MIGRATION_HUB: migrationHubUrl,
      AWS_ACCESS_KEY_ID: 'chaos',
      AWS_SECRET_ACCESS_KEY: 'chaos',
      CHAOS_CLOCK_AHEAD: String(clock?.aheadSeconds ?? 0),
      CHAOS_CLOCK_JUMP: String(clock?.jumpSeconds ?? 0),
      // Failed calls are the point, and are counted.
      LOG_LEVEL: 'fatal',
    };
  }
}
