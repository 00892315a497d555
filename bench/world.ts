/** What a figure is measured in: a Temporal server, an emulator, and hub workers, each a process of its own on 127.0.0.1. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { MigrationHubClient, type HeartbeatOptions } from 'temporal-migration-hub';
import { TemporalServer } from '../chaos/temporal-server';
import { adopt, Child, release } from './children';
import { EmulatorDoor } from './emulator-door';

/** Room for every request of a figure; the bodies may have 32 MB together. */
const JOURNAL_SIZE = 1_000_000;

/** What every process that calls the emulator needs. */
export const awsEnvironment = (url: string): NodeJS.ProcessEnv => ({
  AWS_PROFILE: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_REGION: 'us-west-2',
  AWS_ENDPOINT_URL_MIGRATION_HUB: url,
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
});

/** A server, an emulator and their clients. `close` ends all that was started in it. */
export class World {
  private readonly children: Child[] = [];

  private constructor(
    readonly server: TemporalServer,
    readonly serverPid: number,
    private readonly connection: Connection,
    readonly client: Client,
    readonly door: EmulatorDoor,
    /** Groups per stream of hub workers and clients; 0 makes every task a group of one. */
    readonly groups: number,
  ) {}

  static async make(groups: number): Promise<World> {
    const server = await TemporalServer.start();
    const pid = server.pid as number;
    adopt(pid);
    const emulator = await Child.start({
      name: 'emulator',
      args: ['lib/cli.js', 'emulator', '--port', '0', '--journal-size', String(JOURNAL_SIZE)],
      ready: /http:\/\//,
    });
    const [url = ''] = /http:\/\/[\w.:]+\d/.exec(emulator.readyLine) ?? [];
    const connection = await Connection.connect({ address: server.address });
    const client = new Client({ connection });
    const world = new World(server, pid, connection, client, new EmulatorDoor(url), groups);
    world.children.push(emulator);
    return world;
  }

  /** Settings by which a child finds both servers. */
  get environment(): NodeJS.ProcessEnv {
    return {
      ...awsEnvironment(this.door.url),
      TEMPORAL_ADDRESS: this.server.address,
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_PROFILE: undefined,
      LOG_LEVEL: 'error',
    };
  }

  /** The worker process of this package, as its users start it. */
  startHubWorker(): Promise<Child> {
    return this.start('hub worker', ['lib/cli.js', 'worker', '--groups', String(this.groups)]);
  }

  /** The worker of a user: `sides/user-worker.ts`. */
  startUserWorker(): Promise<Child> {
    return this.start('user worker', ['--import', 'tsx', 'bench/sides/user-worker.ts']);
  }

  /** A client of this package. The settings go to each heartbeat workflow that its reports start. */
  hub(heartbeat?: HeartbeatOptions): MigrationHubClient {
    return new MigrationHubClient({ client: this.client, groups: this.groups, heartbeat });
  }

  /**
   * Waits until `done`, asking every `everySeconds`. @returns whether it came true within `seconds`
   * @throws Error when a child has ended
   */
  async until(seconds: number, done: () => Promise<boolean>, everySeconds = 0.5): Promise<boolean> {
    for (const end = Date.now() + seconds * 1000; ;) {
      for (const child of this.children) child.check();
      if (await done()) return true;
      if (Date.now() > end) return false;
      await sleep(everySeconds * 1000);
    }
  }

  async close(): Promise<void> {
    for (const child of this.children.reverse()) await child.kill();
    await this.connection.close();
    await this.server.kill();
    release(this.serverPid);
  }

  private async start(name: string, args: string[]): Promise<Child> {
    const child = await Child.start({ name, args, env: this.environment, ready: /serving/ });
    this.children.push(child);
    return child;
  }
}

/** Makes a world for `work` and ends it afterwards, come what may. */
export async function inWorld<T>(groups: number, work: (world: World) => Promise<T>): Promise<T> {
  const world = await World.make(groups);
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}
