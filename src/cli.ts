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

const [name = ''] = argv.splice(2, 1);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command) void command.start();
else if (name === '--help' || name === 'help') stdout.write(USAGE);
else {
  stderr.write(`${name === '' ? 'A command is missing' : `There is no command ${name}`}:\n${USAGE}`);
  exit(2);
}
