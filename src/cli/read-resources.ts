import type { HeldApplication, ResourceReader, TaskResources } from '../migration-hub/read-resources';
import { inParallel } from '../async/in-parallel';
import type { ReportedState } from '../task-state';
import { CliError, EXIT } from './cli-error';
import { orUsage } from './or-usage';
import { note } from './output';
import { Progress } from './progress';

/** Tasks that are read at once. */
const AT_ONCE = 8;

/** Where Migration Hub is. */
export interface AwsFlags {
  /** `--region` */
  region?: string;
  /** `--endpoint` */
  endpoint?: string;
}

/** A task, and what Migration Hub holds of it beside its state. */
export interface TaskWithResources extends ReportedState {
  /** Asked of Migration Hub just now. */
  resources: TaskResources;
}

/** At once, by the names of the flags. @throws CliError for a value that cannot be one */
export async function checkAwsFlags({ region, endpoint }: AwsFlags): Promise<void> {
  const { checkEndpointUrl, checkRegionName } = await import('../migration-hub/checks.js');
  await orUsage(() => {
    if (region) checkRegionName('--region', region);
    if (endpoint) checkEndpointUrl('--endpoint', endpoint);
  });
}

/** Reads from Migration Hub, with the settings of AWS that are found here. */
export async function withReader<T>(flags: AwsFlags, work: (reader: ResourceReader) => Promise<T>): Promise<T> {
  // Loaded only here: they need the client of AWS.
  const { openAwsMigrationHub } = await import('../migration-hub/aws-migration-hub.js');
  const { ResourceReader } = await import('../migration-hub/read-resources.js');
  const { MigrationHubError } = await import('../migration-hub/errors.js');
  const { splitMend } = await import('../migration-hub/mends.js');
  const { send, endpoint, destroy } = openAwsMigrationHub(flags);
  try {
    const where = await endpoint();
    const reader = new ResourceReader(send);
    try {
      return await work(reader);
    } catch (error) {
      if (!(error instanceof MigrationHubError)) throw error;
      const { type, message, retry } = error.failure;
      const { said, mend = '' } = splitMend(message);
      // Of many what to do is said for the machine of the worker.
      const todo = mend === '' || mend.includes('worker') ? 'the command doctor says what to do' : mend;
      const text = `Migration Hub at ${where}: ${type}: ${said}; ${todo}`;
      throw new CliError(text, retry === 'backoff' && type !== 'NetworkError' ? EXIT.outcome : EXIT.usage);
    }
  } finally {
    destroy();
  }
}

/** What Migration Hub holds of each task. */
export async function resourcesOf(reader: ResourceReader, tasks: ReportedState[]): Promise<TaskWithResources[]> {
  const progress = new Progress(tasks.length, 'tasks read from Migration Hub');
  try {
    const read = await inParallel(tasks, AT_ONCE, async (task) => {
      const resources = await reader.ofTask(task);
      progress.step();
      return { ...task, resources };
    });
    progress.end();
    noteUnread(reader, read);
    return read;
  } finally {
    progress.end();
  }
}

/** The states of all applications; undefined where the credentials may not ask. */
export async function applicationsOf(reader: ResourceReader): Promise<HeldApplication[] | undefined> {
  const { isNotPermitted } = await import('../migration-hub/errors.js');
  try {
    return await reader.applications();
  } catch (error) {
    const { failure } = error as { failure?: { type: string } };
    if (!failure || !isNotPermitted(failure.type)) throw error;
    note('application states were not read: allow mgh:ListApplicationStates on Resource "*"');
    return undefined;
  }
}

function noteUnread(reader: ResourceReader, tasks: TaskWithResources[]): void {
  const denied = new Set(tasks.flatMap(({ resources }) => resources.denied));
  if (denied.size > 0)
    note(
      `not read: allow ${[...denied].map((operation) => `mgh:${operation}`).join(', ')} on the tasks of the stream (Resource arn:aws:mgh:…:progressUpdateStream/STREAM/migrationTask/*)`,
    );
  if (!reader.knowsSources)
    note(
      'source resources were not read: the installed @aws-sdk/client-migration-hub has no ListSourceResources; update it',
    );
}
