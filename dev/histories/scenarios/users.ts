import { USER_PREFIX } from '../files';
import { USER_TASK_QUEUE, type Stage } from '../stage';
import { until } from '../until';
import type { Scenario } from './scenario';

const startMigration = ({ client }: Stage, type: string, name: string) =>
  client.workflow.start(type, { taskQueue: USER_TASK_QUEUE, workflowId: name, args: [name] });

/** A migration of `test/fixtures/recorded-migrations.ts`, played to its end. */
const migration = (name: string, type: string, end = 'COMPLETED'): Scenario => ({
  name: `${USER_PREFIX}${name}`,
  async play(stage) {
    await ended(stage, await startMigration(stage, type, this.name), end);
    return this.name;
  },
});

async function ended({ client }: Stage, { workflowId }: { workflowId: string }, end: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  await until(`the end of ${workflowId}`, async () => (await handle.describe()).status.name !== 'RUNNING');
  const { name } = (await handle.describe()).status;
  if (name !== end) throw new Error(`${workflowId} is ${name}, not ${end}`);
}

const cancelled: Scenario = {
  name: `${USER_PREFIX}cancelled`,
  async play(stage) {
    const handle = await startMigration(stage, 'staysOpen', this.name);
    const held = () => stage.emulator.tasks().find(({ migrationTaskName }) => migrationTaskName === this.name);
    await until('the report of the migration', () => held()?.status === 'IN_PROGRESS');
    await handle.cancel();
    await ended(stage, handle, 'CANCELLED');
    return this.name;
  },
};

/** Its first report waits in vain for a worker; the migration goes on, and its next report takes that one's place. */
const unserved: Scenario = {
  name: `${USER_PREFIX}unserved`,
  async beforeWorkers(stage) {
    const handle = await startMigration(stage, 'impatient', this.name);
    await until('a report to find no worker', async () =>
      ((await handle.fetchHistory()).events ?? []).some((event) => event.activityTaskTimedOutEventAttributes),
    );
  },
  async play(stage) {
    await ended(stage, { workflowId: this.name }, 'COMPLETED');
    return this.name;
  },
};

export const userScenarios: Scenario[] = [
  migration('report', 'reports'),
  migration('run', 'runs'),
  migration('own-end', 'endsItself'),
  migration('throw', 'throws', 'FAILED'),
  migration('by-name', 'endsByName'),
  migration('again', 'runsAgain'),
  migration('continued', 'continues'),
  migration('application', 'tellsApplication'),
  cancelled,
  unserved,
];
