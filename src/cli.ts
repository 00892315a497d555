#!/usr/bin/env node
/**
 * `temporal-migration-hub <command>`. `worker` and `emulator` are processes of their own: nothing is loaded that they do not need.
 */
import process, { argv, env, exit, stderr, stdout } from 'node:process';
import { endWithNpx } from './cli/end-with-npx';
import { missingPackage } from './cli/missing-package';
import { keepHeapSmall } from './cli/small-heap';

const PROCESSES: Record<string, () => Promise<unknown>> = {
  worker: () => import('./worker/process.js'),
  emulator: () => import('./emulator/process.js'),
};

function explain(error: Error): never {
  const said = missingPackage(error, name);
  if (said === undefined) throw error;
  stderr.write(`${said}\n`);
  exit(2);
}

/** As process 1 of a container it is not ended by a signal that nobody listens for, and what serves listens only once it is loaded. */
function endBeforeServing(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 0) exit(0);
}

/** The AWS client would not look for a region in the profile where the variable is there, set to nothing. */
function unsetEmptyVariables(): void {
  for (const name of Object.keys(env)) if (name.startsWith('AWS_') && env[name] === '') delete env[name];
}

endWithNpx();
unsetEmptyVariables();
const [, , name = '', ...rest] = argv;
if ([...Object.keys(PROCESSES), 'board'].includes(name))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, endBeforeServing);
if (name === 'import') keepHeapSmall();
const start = Object.hasOwn(PROCESSES, name) ? PROCESSES[name] : undefined;
if (start) {
  argv.splice(2, 1);
  start().catch(explain);
} else {
  import('./cli/program.js')
    .then(({ run }) => run(name === '' ? ['--help'] : [name, ...rest]))
    .then((code) => end(name === '' ? 2 : code), explain);
}

/** Timers of a client whose call failed, or of a plugin, would hold a command that is over. */
function end(code: number): void {
  process.exitCode = code;
  stdout.write('', () => stderr.write('', () => exit()));
}
