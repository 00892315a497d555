import { once } from 'node:events';
import { Client } from '@temporalio/client';
import { Option, type Command } from 'commander';
import { CliError } from '../cli-error';
import { withHub } from '../connect';
import { note, write } from '../output';
import { addTemporalOptions, type TemporalFlags } from '../temporal-options';

const TOKEN = 'TEMPORAL_MIGRATION_HUB_BOARD_TOKEN';
const PLUGINS = 'TEMPORAL_MIGRATION_HUB_PLUGINS';

interface BoardFlags {
  port: string;
  host: string;
  token?: string;
  allowHost: string[];
  plugins?: string;
}

/** A number, for whoever checks its range; Number('') would be 0. */
function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new CliError(`--port is "${text}", but it must be an integer from 0 to 65535`);
}

/** The client with the user's plugins: the codecs of what the workers wrote. */
async function withPlugins(client: Client, flag: string | undefined): Promise<Client> {
  const module = flag ?? process.env[PLUGINS];
  if (!module) return client;
  const { loadPlugins } = await import('../../worker/load-plugins.js');
  const plugins = await loadPlugins(flag === undefined ? PLUGINS : '--plugins', module);
  const { connection, options } = client;
  return new Client({ connection, namespace: options.namespace, plugins: plugins as never[] });
}

/** `board` */
export function addBoard(program: Command): void {
  const command = program
    .command('board')
    .description('a page that shows all tasks, until it is ended; read-only')
    .addOption(new Option('--port <port>', '0: any free one').default('8644'))
    .addOption(
      new Option('--host <address>', 'on which it listens; others than loopback need a token').default('localhost'),
    )
    .option('--allow-host <name>', 'another host name under which browsers reach it; may be repeated', collect, [])
    .option('--token <token>', `who has it may read; better as a variable (${TOKEN})`)
    .option('--plugins <module>', `a file or package that exports Temporal plugins, such as codecs (${PLUGINS})`)
    .action((flags: BoardFlags & TemporalFlags) => {
      const port = portOf(flags.port);
      return withHub(flags, async ({ client }) => {
        const { startBoard } = await import('../../board/index.js');
        const token = flags.token ?? (process.env[TOKEN] || undefined);
        const board = await startBoard({
          client: await withPlugins(client, flags.plugins),
          port,
          host: flags.host,
          allowHosts: flags.allowHost,
          token,
        });
        write(board.url);
        if (token !== undefined) note(`asks for the token; ${board.url}/#token=… signs in at once`);
        await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
        await board.close();
      });
    });
  addTemporalOptions(command);
}

const collect = (name: string, before: string[]): string[] => [...before, name];
