/**
 * `npm run recipes`: the tests of `examples/recipes`, each against the emulator of the packed package; `--only vitest,go`
 * runs some. Exit code 1 when one fails, or one that was named could not be run; 2 for a bad flag.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../servers/command';
import { type Chosen, readOptions } from './options';
import { stopOnSignals } from './process-group';
import { runRecipe, type Verdict } from './run-recipe';
import { tableOf } from './table';

const ROOT = resolve(__dirname, '../..');
const say = (line: string) => process.stderr.write(`[recipes] ${line}\n`);

/** The package as npm would publish it; `lib` was built before. */
async function pack(folder: string): Promise<string> {
  await run('npm', ['pack', ROOT, '--ignore-scripts', '--pack-destination', folder], { timeoutMs: 120_000 });
  const [tarball] = await readdir(folder);
  if (tarball === undefined) throw new Error('npm pack wrote no file');
  return join(folder, tarball);
}

async function runAll({ recipes, areNamed }: Chosen): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'recipes-'));
  try {
    const tarball = await pack(folder);
    const verdicts: Verdict[] = [];
    for (const recipe of recipes) {
      say(`${recipe.name}: installs, then runs its tests`);
      verdicts.push(await runRecipe(recipe, tarball));
    }
    process.stdout.write(`${tableOf(verdicts).join('\n')}\n`);
    return verdicts.every(({ isBad, verdict }) => !isBad && !(areNamed && verdict !== 'ok'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  let chosen: Chosen;
  try {
    chosen = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`recipes: ${(error as Error).message}\n`);
    process.exitCode = 2;
    return;
  }
  stopOnSignals();
  if (!(await runAll(chosen))) process.exitCode = 1;
}

void main();
