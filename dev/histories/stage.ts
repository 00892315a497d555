import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { startEmulator, type Emulator, type FaultRule } from '../../src/emulator';
import { createMigrationHubWorkers } from '../../src/worker/workers';
import { startDevServer } from '../servers';
import { ROOT } from './files';

export const USER_TASK_QUEUE = 'recorded-migrations';

/** Where scenarios are played: a real server, the emulator, a worker of migrations; and our workers, once they are started. */
export interface Stage {
  client: Client;
  emulator: Emulator;
  log(line: string): void;
}

export interface OpenStage extends Stage {
  startHub(): Promise<void>;
  /** Rejects when a worker fails: nothing more will happen then. */
  failure: Promise<never>;
  close(): Promise<void>;
}

export async function openStage(faults: FaultRule[], log: (line: string) => void): Promise<OpenStage> {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
  // What scenarios do wrong on purpose is no news.
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await startDevServer({ log });
  const closers = [() => server.close()];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const emulator = await startEmulator();
    closers.push(() => emulator.close());
    emulator.setFaults(faults);
    const { client, nativeConnection: connection, namespace = 'default' } = server.env;
    let fail: (reason: unknown) => void = () => undefined;
    const failure = new Promise<never>((_, reject) => (fail = reject));
    failure.catch(() => undefined);
    const run = (worker: { run(): Promise<void>; shutdown(): void }) => {
      let ended = false;
      const end = worker.run().finally(() => (ended = true));
      end.catch(fail);
      closers.push(async () => {
        if (!ended) worker.shutdown();
        await end.catch(() => undefined);
      });
    };
    const workflowsPath = join(ROOT, 'test', 'fixtures', 'recorded-migrations.ts');
    run(await Worker.create({ connection, namespace, taskQueue: USER_TASK_QUEUE, workflowsPath }));
    const startHub = async () => {
      const options = { region: 'us-west-2', endpoint: emulator.url };
      run(await createMigrationHubWorkers({ connection, namespace }, options));
    };
    return { client, emulator, log, failure, startHub, close };
  } catch (error) {
    await close();
    throw error;
  }
}
