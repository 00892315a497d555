/** `npm run servers`: gets both servers, and promtool, before the tests need them, and prints where they are. */
import { promtool } from '../monitoring/promtool';
import { setting } from './cache';
import { devServerExecutable, timeSkippingExecutable } from './executables';
import { reasonOf } from './log';

async function report(server: string, place: () => Promise<string>): Promise<void> {
  try {
    console.log(`${server}: ${await place()}`);
  } catch (error) {
    console.error(reasonOf(error));
    process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  const address = setting('TEMPORAL_ADDRESS');
  await report('dev server', async () =>
    address ? `${address} (TEMPORAL_ADDRESS)` : (await devServerExecutable()).path,
  );
  await report('time-skipping server', async () => (await timeSkippingExecutable()).path);
  await report('promtool', promtool);
}

void main();
