import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Memory {
  heapMb: number;
  rssMb: number;
}

/** The emulator that is fuzzed. */
export class Target {
  private crash: string | undefined;
  private stderr = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly url: URL,
  ) {
    child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-4_000);
    });
    child.on('exit', (code, signal) => {
      this.crash = `the emulator ended with ${signal ?? `exit code ${code}`}\n${this.stderr}`;
    });
  }

  static async start(): Promise<Target> {
    const execArgv = ['--expose-gc', '--require', 'tsx/cjs'];
    const stdio: ('ignore' | 'pipe' | 'ipc')[] = ['ignore', 'ignore', 'pipe', 'ipc'];
    const child = fork(join(__dirname, 'emulator-process.ts'), { execArgv, stdio });
    const [message] = (await once(child, 'message')) as [{ url: string }];
    return new Target(child, new URL(message.url));
  }

  /** Throws when the emulator has crashed or no longer answers. */
  async check(): Promise<void> {
    if (this.crash !== undefined) throw new Error(this.crash);
    const response = await fetch(new URL('/_mgh/health', this.url));
    if (!response.ok) throw new Error(`the emulator's health is ${response.status}`);
    await response.text();
  }

  /** What is wrong with the journal, which must be readable whatever was sent; undefined when nothing is. */
  async journalFault(): Promise<string | undefined> {
    const response = await fetch(new URL('/_mgh/requests', this.url));
    const text = await response.text();
    return response.ok ? undefined : `GET /_mgh/requests answers ${response.status}: ${text.slice(0, 120)}`;
  }

  async reset(): Promise<void> {
    await (await fetch(new URL('/_mgh/reset', this.url), { method: 'POST', body: '{}' })).text();
  }

  /** After a garbage collection. */
  async memory(): Promise<Memory> {
    const answer = once(this.child, 'message') as Promise<[Memory]>;
    this.child.send('memory');
    return (await answer)[0];
  }

  stop(): void {
    this.child.removeAllListeners('exit');
    this.child.kill('SIGKILL');
  }
}
