#!/usr/bin/env node
/**
 * `temporal-migration-hub <command>`. `worker` and `emulator` are processes of their own: nothing is loaded that they do not need.
 */
import { argv, exit, stderr } from 'node:process';

const PROCESSES: Record<string, () => Promise<unknown>> = {
  worker: () => import('./worker/process.js'),
  emulator: () => import('./emulator/process.js'),
};

/** One line where a package is missing that not every command needs, so that npm does not install it by itself. */
function explain(error: unknown): never {
  const { message } = error as Error;
  const missing = /^Cannot find module '(@temporalio\/[a-z-]+|@aws-sdk\/client-migration-hub)'/.exec(message)?.[1];
  if (missing === undefined) throw error;
  const asNpx = `npx -p temporal-migration-hub -p ${missing} temporal-migration-hub ${name}`;
  stderr.write(`${name} needs the package ${missing}: npm install ${missing}, or ${asNpx}\n`);
  exit(2);
}

const [, , name = '', ...rest] = argv;
const start = Object.hasOwn(PROCESSES, name) ? PROCESSES[name] : undefined;
if (start) {
  argv.splice(2, 1);
  start().catch(explain);
} else {
  import('./cli/program.js')
    .then(({ run }) => run(name === '' ? ['--help'] : [name, ...rest]))
    .then((code) => (process.exitCode = name === '' ? 2 : code), explain);
}
