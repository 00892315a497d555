import type { MigrationHubClient } from '../src/client/migration-hub-client';
import type { Status } from '../src/report';
import { nowSeconds, STREAM, type World } from './world';

let reporters = 0;

/** Reports through one client, and writes down what was accepted. */
export class Reporter {
  private readonly name = `client-${++reporters}`;
  private readonly counts = new Map<string, number>();

  /** `ownerOf`: the open workflow in whose name a task is reported; without it the reporter is no workflow. */
  constructor(
    private readonly world: World,
    private readonly hub: MigrationHubClient,
    private readonly nextUpdateSeconds: number,
    private readonly stream = STREAM,
    private readonly ownerOf?: (task: string) => string,
  ) {}

  /** Resolves when it was accepted; until then it is tried again. */
  async report(task: string, status: Status = 'IN_PROGRESS'): Promise<void> {
    const sequence = (this.counts.get(task) ?? 0) + 1;
    this.counts.set(task, sequence);
    const id = `${this.name} report ${sequence}`;
    const workflowId = this.ownerOf?.(task);
    const owner = workflowId === undefined ? undefined : { ownerId: `${this.name}/${task}`, workflowId, sequence };
    const sentAt = nowSeconds();
    for (let accepted = false; !accepted;) {
      this.world.context.signal.throwIfAborted();
      accepted = await this.hub
        .report({
          progressUpdateStream: this.stream,
          migrationTaskName: task,
          status,
          statusDetail: id,
          progressPercent: status === 'COMPLETED' ? 100 : Math.min(99, sequence),
          nextUpdateSeconds: this.nextUpdateSeconds,
          owner,
        })
        .then(
          () => true,
          async (error: Error) => {
            if (error.name === 'InvalidReport' || error.name === 'ConfigurationError') throw error;
            // The way to Temporal: the server is down.
            await this.world.sleep(1);
            return false;
          },
        );
    }
    this.world.reports.push({ task, id, status, reporter: this.name, sequence, sentAt, acceptedAt: nowSeconds() });
  }

  /** One report of each task, a few at once. */
  async reportAll(tasks: string[], atOnce = 20): Promise<void> {
    const waiting = [...tasks];
    const work = async () => {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await this.report(task);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  /** `count` reports of one task, with random pauses of `meanPauseSeconds` on average. */
  async reportOften(task: string, count: number, meanPauseSeconds: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await this.world.sleep(2 * meanPauseSeconds * this.world.context.random());
      await this.report(task);
    }
  }
}
