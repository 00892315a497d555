/** `npm run servers`: gets both servers, and promtool, before the tests need them, and prints where they are. */
import { setting } from '../../src/temporal-cli/cache';
import { reasonOf } from '../../src/temporal-cli/log';
import { promtool } from '../monitoring/promtool';
import { devServerExecutable, timeSkippingExecutable } from './executables';

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
