import { goalOf, verdictOf, wantedText, type Measurement } from './goals';
import { short as shorten } from './numbers';

const HEAD = ['figure', 'goal', 'measured', 'verdict', 'notes'];

/** A figure with its goal and verdict, for people and programs. */
export interface Row extends Measurement {
  goal: string;
  verdict: string;
}

/** Adds goal and verdict to each figure. */
export const rowsOf = (measurements: Measurement[], options: { short: boolean }): Row[] =>
  measurements.map((each) => ({ ...each, goal: wantedText(goalOf(each.id)), verdict: verdictOf(each, options) }));

/** A markdown table, its columns aligned. */
export function markdown(head: string[], body: string[][]): string {
  const all = [head, ...body];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}

/** The table of a run. */
export const table = (rows: Row[]): string =>
  markdown(
    HEAD,
    rows
      .filter(({ jsonOnly, goal }) => !jsonOnly || goal !== '')
      .map(({ label, goal, value, unit, verdict, detail = '' }) => [
        label,
        goal,
        `${shorten(value)}${unit === '' || unit === '×' ? '' : ' '}${unit}`,
        verdict,
        detail,
      ]),
  );
