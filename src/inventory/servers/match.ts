import { quoted } from '../values/cell';
import { placeOf, type ServerRecord } from './record';
import type { RecordIndex } from './record-index';

/** What was found for a row: the one of the same server, or why it cannot be told. */
export type Match = { found: ServerRecord; how: string } | { fault: string };

/** The rows that one key of a row finds. */
interface Finding {
  key: string;
  rows: ServerRecord[];
}

const SHOWN_ROWS = 3;

/**
 * Finds the row of the same server. The keys of a row: its names and ids, its names in DNS, its virtual machine (vCenter and id); equal
 * but for case, never a part of one. A key that finds none says nothing. All the others must find the same row, and one row alone must
 * be found by all: else the row is refused, since which one it is would be a guess.
 */
export function match(record: ServerRecord, index: RecordIndex): Match | undefined {
  const findings = findingsFor(record, index);
  const [first, ...others] = findings;
  if (!first) return undefined;
  const common = first.rows.filter((row) => others.every(({ rows }) => rows.includes(row)));
  const [found] = common;
  if (common.length > 1) return { fault: ambiguous(first.key, common) };
  if (!found) return { fault: contradictory(findings) };
  if (found.fault !== undefined) return { fault: `the row of the same server (${placeOf(found)}) has an error. Mend that.` };
  return { found, how: `by ${findings.map(({ key }) => quoted(key)).join(' and ')}` };
}

function findingsFor(record: ServerRecord, index: RecordIndex): Finding[] {
  const findings: Finding[] = [];
  const add = (key: string, ...lists: ServerRecord[][]) => {
    const rows = lists.length === 1 ? (lists[0] ?? []) : [...new Set(lists.flat())];
    if (rows.length > 0) findings.push({ key, rows });
  };
  const hasDot = (key: string) => key.includes('.');
  if (record.vm !== undefined) add(record.vm, index.machines(record.vm));
  for (const key of record.names)
    if (hasDot(key)) add(key, index.named(key), index.hosts(key));
    else add(key, index.named(key));
  for (const key of record.hosts)
    if (record.names.includes(key) && hasDot(key)) continue;
    else if (hasDot(key)) add(key, index.named(key), index.hosts(key));
    else add(key, index.hosts(key));
  return findings;
}

function ambiguous(key: string, rows: ServerRecord[]): string {
  const places = rows.slice(0, SHOWN_ROWS).map(placeOf).join('; ');
  const more = rows.length > SHOWN_ROWS ? '; …' : '';
  return `${quoted(key)} is found in ${rows.length} rows (${places}${more}), and nothing tells which is meant. Fill in an FQDN that only one has, or take the others out.`;
}

function contradictory(findings: Finding[]): string {
  const told = findings.map(({ key, rows: [row] }) => `${quoted(key)} is ${row ? placeOf(row) : ''}`);
  return `its names are of different servers: ${told.join(', ')}. Mend the one that is wrong.`;
}
