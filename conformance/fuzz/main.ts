/** `npm run fuzz`: inputs around the limits of the models, and byte streams that no client should send. */
import { parseArgs } from 'node:util';
import { onStopSignal } from '../../dev/on-stop-signal';
import { MissingTool } from '../driver/tools';
import { fuzzInputs, type InputsReport } from './fuzz-inputs';
import { fuzzStreams, type StreamsReport } from './fuzz-streams';
import { Oracle } from './oracle';
import { type Memory, Target } from './target';

const USAGE = `npm run fuzz [-- --inputs 100000 --streams 50000 --seed 1]
  --inputs   how many inputs are judged by the emulator and by the oracle; 0: none
  --streams  how many byte streams are sent; 0: none
  --seed     the same seed, the same inputs and streams; default: a new one, which is printed`;
const WARM_UP = 2_000;
const PROGRESS_EVERY = 10_000;
/** After a reset the emulator may hold so much more than before. */
const LEAK_MB = 50;

class UsageError extends Error {}

const say = (line: string) => process.stderr.write(`[fuzz] ${line}\n`);
const print = (line: string) => process.stdout.write(`${line}\n`);
const progress = (what: string, total: number) => (done: number) => {
  if (done % PROGRESS_EVERY === 0 && done < total) say(`${done} of ${total} ${what}`);
};

function readOptions(): { inputs: number; streams: number; seed: number } {
  const string = { type: 'string' } as const;
  let values: { inputs?: string; streams?: string; seed?: string };
  try {
    values = parseArgs({ options: { inputs: string, streams: string, seed: string } }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const number = (name: 'inputs' | 'streams' | 'seed', otherwise: number) => {
    const given = values[name] ?? String(otherwise);
    if (!/^\d{1,9}$/.test(given)) throw new UsageError(`--${name} must be a whole number, not ${given}`);
    return Number(given);
  };
  const seed = number('seed', Math.floor(Math.random() * 1e9));
  return { inputs: number('inputs', 100_000), streams: number('streams', 50_000), seed };
}

function printInputs({ inputs, allowed, refused, known, faults, faultCount }: InputsReport): void {
  print(`${inputs} inputs: ${allowed} allowed, ${refused} refused; ${faultCount} without agreement or a known reason`);
  for (const [reason, count] of known) print(`  ${count} disagreements are known: ${reason}`);
  for (const fault of faults) print(`  FAULT ${fault}`);
}

function printStreams({ streams, answered, closed, faults }: StreamsReport): void {
  const bad = [...faults.values()].reduce((sum, each) => sum + each, 0);
  print(
    `${streams} byte streams: ${answered} answered, ${closed} closed; ${bad} answered wrongly or not at all; 0 crashes`,
  );
  for (const [what, count] of faults) print(`  FAULT ${count} x ${what}`);
}

const shown = ({ heapMb, rssMb }: Memory) => `${heapMb} MB heap, ${rssMb} MB resident`;

/** Answers whether all went well. */
async function run({ inputs, streams, seed }: ReturnType<typeof readOptions>): Promise<boolean> {
  print(`seed ${seed}`);
  const oracle = inputs > 0 ? await Oracle.start() : undefined;
  const target = await Target.start();
  try {
    if (oracle) await fuzzInputs(target, oracle, { count: Math.min(inputs, WARM_UP), seed: 0 }, () => undefined);
    await fuzzStreams(target, { count: Math.min(streams, WARM_UP), seed: 0 }, () => undefined);
    await target.reset();
    const before = await target.memory();
    const judged = oracle && (await fuzzInputs(target, oracle, { count: inputs, seed }, progress('inputs', inputs)));
    const sent = await fuzzStreams(target, { count: streams, seed }, progress('streams', streams));
    const full = await target.memory();
    const journalFault = await target.journalFault();
    await target.reset();
    const after = await target.memory();
    if (judged) printInputs(judged);
    printStreams(sent);
    print(`memory of the emulator: before ${shown(before)}; after ${shown(full)}; after a reset ${shown(after)}`);
    const leaked = after.heapMb - before.heapMb;
    if (leaked > LEAK_MB) print(`  FAULT ${leaked} MB of the heap are not given back by a reset`);
    if (journalFault !== undefined) print(`  FAULT ${journalFault}`);
    const isQuiet = journalFault === undefined && leaked <= LEAK_MB;
    return isQuiet && (judged?.faultCount ?? 0) === 0 && sent.faults.size === 0;
  } finally {
    oracle?.stop();
    target.stop();
  }
}

async function main(): Promise<void> {
  // The emulator and the oracle end when this process does.
  onStopSignal((code) => process.exit(code));
  try {
    if (!(await run(readOptions()))) process.exitCode = 1;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    if (!isUsage && !(error instanceof MissingTool)) throw error;
    process.stderr.write(`fuzz: ${error.message}\n${isUsage ? USAGE : 'The oracle needs it.'}\n`);
    process.exitCode = 2;
  }
}

void main();
