import { quoted } from '../values/cell';
import { placeOf, someOf, type ServerRecord } from './record';
import { hasRow, listOf, sizeOf, type RecordIndex, type Rows } from './record-index';

/** What was found for a row: the one of the same server, or why it cannot be told. */
export type Match = { found: ServerRecord; how: string } | { fault: string };

/** What finds more rows tells nothing. */
const MANY = 100;

/** The rows that one key of a row finds. */
interface Finding {
  key: string;
  rows: Rows;
}

/**
 * Finds the row of the same server. The keys of a row: its names and ids, its names in DNS, its virtual machine (vCenter and id); equal
 * but for case, never a part of one. A key that finds none says nothing. All the others must find the same row, and one row alone must
 * be found by all: else the row is refused, since which one it is would be a guess.
 */
export function match(record: ServerRecord, index: RecordIndex): Match | undefined {
  const findings = findingsFor(record, index);
  const least = findings.reduce<Finding | undefined>(
    (best, each) => (best && sizeOf(best.rows) <= sizeOf(each.rows) ? best : each),
    undefined,
  );
  if (!least) return undefined;
  const rows = listOf(least.rows);
  if (rows.length > MANY) return { fault: ambiguous(least.key, rows) };
  const common = rows.filter((row) => findings.every((finding) => hasRow(finding.rows, row)));
  const [found] = common;
  if (common.length > 1) return { fault: ambiguous(least.key, common) };
  if (!found) return { fault: contradictory(findings) };
  if (found.fault !== undefined)
    return { fault: `the row of the same server (${placeOf(found)}) has an error. Correct that row first.` };
  return { found, how: howOf(record, findings) };
}

/** For people; only where they are told of each row, since there may be many. */
const howOf = ({ file }: ServerRecord, findings: Finding[]): string =>
  file.remembersRows ? `by ${findings.map(({ key }) => quoted(key)).join(' and ')}` : '';

function findingsFor({ vm, names, hosts }: ServerRecord, index: RecordIndex): Finding[] {
  const findings: Finding[] = [];
  const add = (key: string, rows: Rows) => {
    if (sizeOf(rows) > 0) findings.push({ key, rows });
  };
  if (vm !== undefined) add(vm, index.machines(vm));
  for (const key of names)
    add(
      key,
      rowsOf(key, index.named(key), () => index.hosts(key)),
    );
  for (const key of hosts)
    if (!names.includes(key))
      add(
        key,
        rowsOf(key, index.hosts(key), () => index.named(key)),
      );
  return findings;
}

/** A key with a dot may be a name or one in DNS; one without is looked for as what it is, and only if there is none as the other. */
function rowsOf(key: string, asItIs: Rows, other: () => Rows): Rows {
  if (sizeOf(asItIs) === 0) return other();
  if (!key.includes('.')) return asItIs;
  const asOther = other();
  return sizeOf(asOther) === 0 ? asItIs : new Set([...listOf(asItIs), ...listOf(asOther)]);
}

function ambiguous(key: string, rows: ServerRecord[]): string {
  const mend = 'Fill in an FQDN that only one row has, or remove the other rows.';
  return `${quoted(key)} is found in ${rows.length} rows (${someOf(rows)}), and it is not clear which one is meant. ${mend}`;
}

function contradictory(findings: Finding[]): string {
  const told = findings.map(({ key, rows }) => `${quoted(key)} is in ${someOf(listOf(rows))}`);
  return `its names belong to different servers: ${told.join('; ')}. Correct the wrong one.`;
}
