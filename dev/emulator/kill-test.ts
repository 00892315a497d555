/** `npm run emulator:kill-test -- 50`: does the emulator lose an answered write when it is killed? Prints how many rounds held. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killRounds } from './kill-rounds';

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 50);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`The number of rounds must be a whole number from 1, not ${process.argv[2]}`);
  const directory = mkdtempSync(join(tmpdir(), 'mgh-kill-'));
  const results = await killRounds(rounds, join(directory, 'hub.jsonl'));
  const held = results.filter(({ lost }) => lost === 0).length;
  const answered = results.reduce((sum, each) => sum + each.answered, 0);
  console.log(
    `kill -9 right after an answered write: nothing lost in ${held} of ${rounds} rounds (${answered} answered)`,
  );
  if (held === rounds) rmSync(directory, { recursive: true });
  else {
    console.error(`The state file is kept: ${directory}`);
    process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  console.error(`kill-test: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
});
