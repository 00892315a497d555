import { spawn, type ChildProcess } from 'node:child_process';
import { Connection } from '@temporalio/client';
import { devServerExecutable } from '../dev/servers/executables';
import { freePort } from '../src/worker/free-port';
import { endChild } from './end-child';

const READY_SECONDS = 60;
/** It looks for free ports for its parts and opens them a moment later: others may take one in between. */
const STARTS = 3;
const DRAIN_SECONDS = 5;

/** A real Temporal server as a child, which may be killed and started again at the same address. */
export class TemporalServer {
  private child?: ChildProcess;

  private constructor(
    private readonly executable: string,
    readonly port: number,
    private readonly dbFile: string | undefined,
  ) {}

  /** @param dbFile keeps its state over a kill; without it all is in memory */
  static async start(dbFile?: string): Promise<TemporalServer> {
    const { path } = await devServerExecutable(() => undefined);
    const server = new TemporalServer(path, await freePort(), dbFile);
    await server.start();
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Undefined once it was killed. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    for (let start = 1; ; start++) {
      try {
        return await this.startOnce();
      } catch (error) {
        await this.kill();
        if (start === STARTS) throw error;
      }
    }
  }

  private async startOnce(): Promise<void> {
    const flags = ['--port', String(this.port), '--ip', '127.0.0.1', '--headless', '--log-level', 'error'];
    const db = this.dbFile === undefined ? [] : ['--db-filename', this.dbFile];
    const child = spawn(this.executable, ['server', 'start-dev', ...flags, ...db], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    for (const end = Date.now() + READY_SECONDS * 1000; ;) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > end)
        throw new Error(`the Temporal server did not start: ${said.trim()}`);
      if (await this.answers()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async answers(): Promise<boolean> {
    try {
      const connection = await Connection.connect({ address: this.address, connectTimeout: 2000 });
      try {
        await connection.withDeadline(Date.now() + 2000, () =>
          connection.workflowService.describeNamespace({ namespace: 'default' }),
        );
      } finally {
        await connection.close();
      }
      return true;
    } catch {
      return false;
    }
  }

  /** As a crash would: nothing is written down that was not before. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    await endChild(child, signal, DRAIN_SECONDS);
  }
}
