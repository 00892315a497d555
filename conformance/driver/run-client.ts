import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '../../src/emulator';
import { runChild } from './children';
import type { Client } from './clients';
import type { Result, Row, RunnerRow } from './types';

/** What a runner gets of a row: not what is expected. */
const forRunner = ({ id, setup, call, badInput }: Row): RunnerRow => ({ id, setup, call, badInput });

/**
 * Runs the rows by a client against an emulator of its own.
 * Rejects when the runner fails as a whole, and with a MissingTool when it cannot be made to run here.
 */
export async function runClient(
  client: Client,
  rows: readonly Row[],
  onProgress: (done: number) => void,
): Promise<Map<string, Result>> {
  const command = await client.prepare();
  const folder = await mkdtemp(join(tmpdir(), 'mgh-conformance-'));
  const emulator = await startEmulator();
  const results = new Map<string, Result>();
  try {
    const file = join(folder, 'rows.json');
    await writeFile(file, JSON.stringify(rows.map(forRunner)));
    const onLine = (line: string) => {
      const result = JSON.parse(line) as Result;
      results.set(result.id, result);
      onProgress(results.size);
    };
    await runChild([...command, file], { env: { MGH_ENDPOINT: emulator.url }, onLine });
    return results;
  } finally {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}
