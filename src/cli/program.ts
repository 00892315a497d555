import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { CliError, EXIT } from './cli-error';
import { addApplication } from './commands/application';
import { addArtifact, addSourceResource } from './commands/attachments';
import { addBoard } from './commands/board';
import { addClose } from './commands/close';
import { addCompletion } from './commands/completion';
import { addDev } from './commands/dev';
import { addDoctor } from './commands/doctor';
import { addHistory } from './commands/history';
import { addImport } from './commands/import';
import { addList } from './commands/list';
import { addMgnEvent } from './commands/mgn-event';
import { addReopen } from './commands/reopen';
import { addReport } from './commands/report';
import { addStatus } from './commands/status';
import { addVersion } from './commands/version';
import { addWatch } from './commands/watch';
import { endQuietly, finishUnread, noteWarnings } from './streams';
import { plain, plainLines } from './table';

/** Adds a command that does all that it began, whether or not somebody reads what it writes. */
const finishing =
  (add: (program: Command) => unknown) =>
  (program: Command): void => {
    add(program);
    program.commands.at(-1)?.hook('preAction', finishUnread);
  };

/** Those that change what Migration Hub is told. */
const CHANGING = [
  ...[addReport, addClose, addReopen, addArtifact],
  ...[addSourceResource, addApplication, addImport, addMgnEvent],
];
/** Those that this process serves, in the order of the help. */
const COMMANDS = [
  ...[addStatus, addList, addWatch, addHistory],
  ...CHANGING.map(finishing),
  ...[finishing(addBoard), addDoctor, finishing(addDev), addVersion, addCompletion],
];

const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };

/** Those of `cli.ts`, for the help. */
const PROCESSES = [
  ['worker', 'runs the workers that send reports to Migration Hub'],
  ['emulator', 'runs an emulator of AWS Migration Hub, for tests'],
] as const;

/** The command, with all that this process serves. */
export function program(): Command {
  const command = new Command('temporal-migration-hub')
    .description('keeps AWS Migration Hub up to date while Temporal workflows migrate servers')
    .version(version, '--version')
    .showHelpAfterError('Try --help.')
    .configureHelp({ showGlobalOptions: true })
    // It has what was typed, or pasted.
    .configureOutput({ outputError: (text, write) => write(plainLines(text)) })
    .exitOverride();
  for (const [name, about] of PROCESSES) command.command(name).description(`${about} (${name} --help)`);
  for (const add of COMMANDS) add(command);
  return command;
}

/** Runs a command line. Gives the exit code: 0, 1 for an outcome, 2 for usage and settings. */
export async function run(args: string[]): Promise<number> {
  endQuietly();
  noteWarnings();
  try {
    await program().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CliError) {
      process.stderr.write(`${plain(error.message.replace(/\s*\n\s*/g, ' '))}\n`);
      return error.exitCode;
    }
    const { code, exitCode } = error as { code?: string; exitCode?: number };
    // commander has written it.
    if (code?.startsWith('commander.')) return exitCode === 0 ? 0 : EXIT.usage;
    throw error;
  }
}
