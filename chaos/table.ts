import type { Outcome } from './scenario';

const HEAD = ['scenario', 'load', 'lost', 'reordered', 'stale s', 'changed', 'took', 'verdict', 'notes'];
const NUMBERS = new Set(['lost', 'reordered', 'stale s', 'changed', 'took']);

/** How one scenario went; without an outcome it did not come to an end. */
export interface Row {
  name: string;
  seconds: number;
  outcome?: Outcome;
  error?: string;
}

export const isGood = ({ outcome }: Row): boolean => outcome !== undefined && outcome.faults.length === 0;

function cells({ name, seconds, outcome, error }: Row): string[] {
  const took = `${Math.round(seconds)} s`;
  if (!outcome) return [name, '', '', '', '', '', took, 'BROKEN', error ?? ''];
  const { load, lost, reordered, staleSeconds, changedDuplicates, notes, faults } = outcome;
  const figures = [lost, reordered, staleSeconds, changedDuplicates].map(String);
  return [name, load, ...figures, took, faults.length === 0 ? 'good' : 'FAILED', notes.join('; ')];
}

/** The table, and below it each figure that is not what it must be. */
export function table(rows: Row[]): string {
  const all = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    NUMBERS.has(HEAD[column] ?? '') ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  const lines = all.map((row) => row.map(pad).join('  ').trimEnd());
  const faults = rows.flatMap(({ name, outcome, error }) =>
    (outcome?.faults ?? [error ?? 'it did not end']).map((fault) => `${name}: ${fault}`),
  );
  return [...lines, ...(faults.length > 0 ? ['', 'Not as it must be:', ...faults] : [])].join('\n');
}
