import type { Verdict } from './run-recipe';

/** The verdicts as a table, after the output of what failed. */
export function tableOf(verdicts: Verdict[]): string[] {
  const rows = [
    ['recipe', 'tests', 'seconds', 'verdict'],
    ...verdicts.map(({ name, passed, seconds, verdict }) => [name, String(passed), seconds.toFixed(1), verdict]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = ([name = '', tests = '', seconds = '', verdict = '']: string[]) =>
    [name.padEnd(widths[0] ?? 0), tests.padStart(widths[1] ?? 0), seconds.padStart(widths[2] ?? 0), verdict].join('  ');
  const failed = verdicts.filter(({ output }) => output !== '');
  return [...failed.flatMap(({ name, output }) => [`-- ${name}`, output, '']), ...rows.map(line)];
}
