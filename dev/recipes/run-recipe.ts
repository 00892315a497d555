import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findOnPath } from '../../src/temporal-cli/executables';
import { type Ended, runInGroup } from './process-group';
import type { Recipe } from './recipes';

const FOLDER = resolve(__dirname, '../../examples/recipes');
const TIMEOUT_MS = 600_000;
const TAIL_LINES = 40;

/** What became of a recipe. */
export interface Verdict {
  /** The recipe. */
  name: string;
  /** Tests that passed. */
  passed: number;
  /** From the installation on. */
  seconds: number;
  /** `ok`, or what is wrong. */
  verdict: string;
  /** Whether it fails the run. */
  isBad: boolean;
  /** The end of what the command wrote that failed; empty when none did. */
  output: string;
}

/** Variables of a user with nothing set up: no AWS account, no settings of ours. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|TEMPORAL|VITEST|JEST)_/.test(name)));

/** What is wrong with how a command of a recipe ended; undefined: nothing. `isLast`: it ran the tests. */
export function judge(recipe: Recipe, { code, output, hasLeftBehind }: Ended, isLast: boolean): string | undefined {
  if (code !== 0) return `failed with exit code ${code}`;
  if (hasLeftBehind) return 'left a process running';
  if (isLast && recipe.passed(output) === 0) return 'ran no test';
  return undefined;
}

/**
 * Runs the tests of a recipe in a copy of its folder, against the package as npm installs it.
 * @param tarball the package, as `npm pack` makes it
 */
export async function runRecipe(recipe: Recipe, tarball: string): Promise<Verdict> {
  const began = Date.now();
  const result = (verdict: string, isBad: boolean, output = '', passed = 0): Verdict => {
    return { name: recipe.name, passed, seconds: (Date.now() - began) / 1000, verdict, isBad, output };
  };
  for (const tool of recipe.needs)
    if ((await findOnPath(tool)) === undefined) return result(`not run: ${tool} is not on PATH`, false);
  const cwd = await mkdtemp(join(tmpdir(), `recipe-${recipe.name}-`));
  try {
    await cp(join(FOLDER, recipe.name), cwd, { recursive: true });
    const install = ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', tarball];
    const commands = [install, ...recipe.commands];
    for (const [i, command] of commands.entries()) {
      const isLast = i === commands.length - 1;
      const ended = await runInGroup(command, { cwd, env: environment(), timeoutMs: TIMEOUT_MS });
      const wrong = judge(recipe, ended, isLast);
      const tail = ended.output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
      if (wrong !== undefined) return result(wrong, true, `$ ${command.join(' ')}\n${tail}`);
      if (isLast) return result('ok', false, '', recipe.passed(ended.output));
    }
    throw new Error(`${recipe.name} has no commands`);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
