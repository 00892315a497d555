#!/usr/bin/env node
/** `temporal-migration-hub <command>`: each command is a process of its own, with its own flags. */
import { argv, exit, stderr, stdout } from 'node:process';

const COMMANDS: Record<string, { about: string; start: () => Promise<unknown> }> = {
  worker: {
    about: 'serves reports and notifications (--help: its settings)',
    start: () => import('./worker/process.js'),
  },
  emulator: { about: 'AWS Migration Hub on a port (docs/emulator.md)', start: () => import('./emulator/process.js') },
};
const USAGE = `temporal-migration-hub <command> [flags]
${Object.entries(COMMANDS)
  .map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
  .join('\n')}
`;

/** One line where a package is missing that not every command needs, so that npm does not install it by itself. */
function explain(error: unknown): never {
  const { message } = error as Error;
  const missing = /^Cannot find module '(@temporalio\/[a-z-]+|@aws-sdk\/client-migration-hub)'/.exec(message)?.[1];
  if (missing === undefined) throw error;
  const asNpx = `npx -p temporal-migration-hub -p ${missing} temporal-migration-hub ${name}`;
  stderr.write(`${name} needs the package ${missing}: npm install ${missing}, or ${asNpx}\n`);
  exit(2);
}

const [name = ''] = argv.splice(2, 1);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command) command.start().catch(explain);
else if (name === '--help' || name === 'help') stdout.write(USAGE);
else {
  stderr.write(`${name === '' ? 'A command is missing' : `There is no command ${name}`}:\n${USAGE}`);
  exit(2);
}
