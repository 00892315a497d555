import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CliError } from '../src/cli/cli-error';
import { openFiles } from '../src/cli/import/open-files';
import { readInventory, type Inventory, type InventoryServer } from '../src/inventory';

export const USAGE = `npm run demo -- [--groups N] [--file CSV]…
  --groups N   N heartbeat workflows share all tasks and send in batches (default 0: one workflow per task)
  --file CSV   servers to migrate, in a format of docs/inventory.md; several files are joined (default: those of examples/waves)`;

const WAVES = ['datacenter-exit-intake.csv', 'datacenter-exit-vinfo.csv'];

/** A server to migrate. */
export interface DemoServer extends Pick<InventoryServer, 'resourceAttributes'> {
  name: string;
  wave: string;
  application: string;
}

export interface DemoOptions {
  groups: number;
  servers: DemoServer[];
  /** Rows that are no server to migrate. */
  skipped: number;
}

/** Something the user wrote is wrong: one line, or a line per place in a file, tells what. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads flags and files; undefined when only help was asked for. @throws UsageError */
export async function readOptions(args: string[]): Promise<DemoOptions | undefined> {
  const flags = parseFlags(args);
  if (flags.help) return undefined;
  const groups = Number(flags.groups);
  if (!/^\d{1,5}$/.test(flags.groups) || groups > 10_000)
    throw new UsageError(`--groups is ${flags.groups}, but it must be an integer from 0 to 10000`);
  let skipped = 0;
  const { servers, problems } = await readFiles(
    flags.file ?? WAVES.map((name) => join(__dirname, 'waves', name)),
    () => skipped++,
  );
  if (problems.length > 0)
    throw new UsageError(
      problems.map((each) => `${each.file}:${each.line}:${each.column}: ${each.message}`).join('\n'),
    );
  if (servers.length === 0) throw new UsageError('the files have no server to migrate');
  return { groups, servers: servers.map(demoServer), skipped };
}

function parseFlags(args: string[]) {
  const options = {
    groups: { type: 'string', default: '0' },
    file: { type: 'string', multiple: true },
    help: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Try --help.`);
  }
}

async function readFiles(files: string[], onSkipped: () => void): Promise<Inventory> {
  // npm runs scripts in the package folder; INIT_CWD is where the user stands.
  const paths = files.map((file) => resolve(process.env['INIT_CWD'] ?? '.', file));
  try {
    return await readInventory(openFiles(paths), {
      onRow: ({ outcome }) => {
        if (outcome === 'skipped') onSkipped();
      },
    });
  } catch (error) {
    throw error instanceof CliError ? new UsageError(error.message) : error;
  }
}

const demoServer = (server: InventoryServer): DemoServer => ({
  name: server.migrationTaskName,
  wave: server.wave ?? '(no wave)',
  application: server.application ?? '(no application)',
  resourceAttributes: server.resourceAttributes,
});
