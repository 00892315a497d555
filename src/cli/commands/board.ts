import { Option, type Command } from 'commander';
import { allowHostOption } from '../arguments';
import { CliError } from '../cli-error';
import { withHub } from '../connect';
import { orUsage } from '../or-usage';
import { note, write } from '../output';
import { addPluginsOption } from '../plugins';
import { onStopSignal } from '../../on-stop-signal';
import { addTemporalOptions, type TemporalFlags } from '../temporal-options';

const TOKEN = 'TEMPORAL_MIGRATION_HUB_BOARD_TOKEN';

interface BoardFlags {
  port: string;
  host: string;
  token?: string;
  allowHost?: string[];
}

/** A number, for whoever checks its range; Number('') would be 0. */
function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new CliError(`--port is "${text}", but it must be an integer from 0 to 65535`);
}

/** `board` */
export function addBoard(program: Command): void {
  const command = program
    .command('board')
    .description('serves a read-only web page that shows all tasks, until Ctrl-C')
    .addOption(new Option('--port <port>', 'port; 0: any free one').default('8644'))
    .addOption(
      new Option('--host <address>', 'address to listen on; other than loopback needs --token').default('localhost'),
    )
    .addOption(allowHostOption())
    .option('--token <token>', `browsers must give it; safer as a variable (${TOKEN})`)
    .action(async (flags: BoardFlags & TemporalFlags) => {
      const { checkBoard, startBoard } = await import('../../board/index.js');
      const token = flags.token ?? (process.env[TOKEN] || undefined);
      const options = { port: portOf(flags.port), host: flags.host, allowHosts: flags.allowHost ?? [], token };
      await orUsage(() => checkBoard(options));
      return withHub(flags, async ({ client }) => {
        const board = await startBoard({ client, ...options });
        write(board.url);
        if (token !== undefined) note(`the page asks for the token; ${board.url}/#token=… signs in directly`);
        await new Promise<void>((resolve) => onStopSignal(resolve));
        await board.close();
      });
    });
  addPluginsOption(addTemporalOptions(command));
}
