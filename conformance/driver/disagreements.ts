import type { Result, Row } from './types';

/** What one client saw, in a form that is the same for every client. */
function sight(client: string, row: Row, { verdict, code, output }: Result): string | undefined {
  if (verdict === 'not-expressible' || verdict === 'setup-failed') return undefined;
  if (verdict === 'refused-by-client') return 'InvalidInputException';
  if (verdict === 'error') return row.expect && 'error' in row.expect && row.expect.error === '*' ? 'error' : code;
  // Values that are new each time, such as ids and times of now, say nothing about the client.
  if (JSON.stringify(row.expect).includes('$present')) return 'ok';
  return JSON.stringify(sorted(output ?? {})).replaceAll(`${client}.${row.id}`, 'the stream');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value === 'number') return Math.round(value * 1000) / 1000;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, each]) => [name, sorted(each)]));
}

/** A row on which clients do not see the same. */
export interface Disagreement {
  id: string;
  /** What was seen, and by which clients. */
  sights: Map<string, string[]>;
}

/** The rows on which the clients do not agree with each other, whatever the table expects. */
export function disagreements(
  rowsOf: ReadonlyMap<string, readonly Row[]>,
  resultsOf: ReadonlyMap<string, ReadonlyMap<string, Result>>,
): Disagreement[] {
  const byRow = new Map<string, Map<string, string[]>>();
  for (const [client, rows] of rowsOf)
    for (const row of rows) {
      const result = resultsOf.get(client)?.get(row.id);
      const seen = result && sight(client, row, result);
      if (seen === undefined) continue;
      const sights = byRow.get(row.id) ?? new Map<string, string[]>();
      byRow.set(row.id, sights.set(seen, [...(sights.get(seen) ?? []), client]));
    }
  return [...byRow].filter(([, sights]) => sights.size > 1).map(([id, sights]) => ({ id, sights }));
}
