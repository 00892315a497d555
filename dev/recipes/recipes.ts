/** A folder of `examples/recipes`: how its tests are run, as a user would run them. */
export interface Recipe {
  /** The folder, and the name in `--only`. */
  name: string;
  /** Commands that must be on the PATH, beside node and npm. */
  needs: string[];
  /** Run in the folder, in order, once npm has installed its package.json; the last one runs the tests. */
  commands: string[][];
  /** Finds the number of passed tests in what the last command writes. */
  passed: (output: string) => number;
}

const number =
  (pattern: RegExp) =>
  (output: string): number =>
    Number(pattern.exec(output)?.[1] ?? 0);

/** All recipes, in the order in which they run. */
export const RECIPES: readonly Recipe[] = [
  {
    name: 'vitest',
    needs: [],
    commands: [['npm', 'test']],
    passed: number(/Tests\s+(\d+) passed \(\d+\)/),
  },
  {
    name: 'jest',
    needs: [],
    commands: [['npm', 'test']],
    passed: number(/Tests:\s+(\d+) passed, \d+ total/),
  },
  { name: 'wait-on', needs: [], commands: [['npm', 'test']], passed: number(/^(?:#|ℹ) pass (\d+)$/m) },
  {
    name: 'pytest',
    needs: ['python3'],
    commands: [
      ['python3', '-m', 'venv', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', 'requirements.txt'],
      ['venv/bin/pytest', '-p', 'no:cacheprovider'],
    ],
    passed: number(/=+ (\d+) passed in /),
  },
  {
    name: 'go',
    needs: ['go'],
    commands: [['go', 'test', '-v', '-count=1', '.']],
    passed: (output) => output.match(/^--- PASS: /gm)?.length ?? 0,
  },
];
