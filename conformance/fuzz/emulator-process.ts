/** The emulator in a process of its own, so that a crash of it is seen and its memory is its own. */
import { startEmulator } from '../../src/emulator';

function memory(): { heapMb: number; rssMb: number } {
  globalThis.gc?.();
  const { heapUsed, rss, external } = process.memoryUsage();
  return { heapMb: Math.round((heapUsed + external) / 2 ** 20), rssMb: Math.round(rss / 2 ** 20) };
}

async function main(): Promise<void> {
  const emulator = await startEmulator();
  process.on('message', () => process.send?.(memory()));
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url: emulator.url });
}

void main();
