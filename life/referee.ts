import { callsOf, isTerminal, type Call } from '../chaos/calls';
import type { Emulator, EmulatorTask } from '../src/emulator';
import { areEnds, expectedOf } from './model';
import type { Programme } from './programme';

/** A task of the emulator; names differ between programmes. */
export const taskOf = (emulator: Emulator, task: string): EmulatorTask | undefined =>
  emulator.tasks().find(({ migrationTaskName }) => migrationTaskName === task);

/** Each notification that Migration Hub took, once however often it arrived. */
function takenOf(emulator: Emulator, task: string): Call[] {
  const calls = callsOf(emulator.requests({ task })).filter(({ applied }) => applied);
  return calls.filter((call, i) => calls[i - 1]?.updateDateTime !== call.updateDateTime);
}

/** Whether Migration Hub shows what it must show in the end. */
export const isSettled = (emulator: Emulator, programmes: Programme[]): boolean => {
  const shown = new Map(emulator.tasks().map((task) => [task.migrationTaskName, task]));
  return programmes
    .flatMap(({ tasks }) => tasks)
    .every(({ name, attempts }) => {
      const { status, percent } = expectedOf(attempts);
      return shown.get(name)?.status === status && shown.get(name)?.progressPercent === percent;
    });
};

/** The tasks that no programme leaves while they are in progress. */
export function attended(emulator: Emulator, programmes: Programme[]): EmulatorTask[] {
  const left = programmes
    .flatMap(({ tasks }) => tasks)
    .filter(({ attempts }) => attempts.some((a) => a.end === 'leave'));
  const unattended = new Set(left.map(({ name }) => name));
  return emulator.tasks().filter(({ migrationTaskName }) => !unattended.has(migrationTaskName));
}

/** A sentence for each difference between Migration Hub and the model. */
export function differencesOf(emulator: Emulator, { seed, tasks }: Programme): string[] {
  return tasks.flatMap(({ name, attempts }) => {
    const expected = expectedOf(attempts);
    const shown = taskOf(emulator, name);
    const taken = takenOf(emulator, name);
    const ends = taken.flatMap(({ status }) => (isTerminal(status) ? [status as string] : []));
    const told: string[] = [];
    if (shown?.status !== expected.status || shown.progressPercent !== expected.percent)
      told.push(`shows ${shown?.status} ${shown?.progressPercent} %, not ${expected.status} ${expected.percent} %`);
    if (!areEnds(ends, expected.ends)) told.push(`had the ends ${list(ends)}, not ${list(expected.ends)}`);
    if (!expected.mayBeStale && shown && shown.staleSeconds > 0) told.push(`was stale for ${shown.staleSeconds} s`);
    const back = taken.find((call, i) => call.updateDateTime < (taken[i - 1]?.updateDateTime ?? 0));
    if (back) told.push(`got ${back.status} with a time before that of the one before it`);
    return told.map((each) => `seed ${seed}: ${name} ${each}`);
  });
}

const list = (ends: string[]): string => ends.join(', ') || 'none';
