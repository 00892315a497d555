import { quoted } from '../values/cell';
import { placeOf, SHOWN, someOf, type ServerRecord } from './record';
import { firstOf, hasRow, listOf, MANY, sizeOf, type RecordIndex, type Rows } from './record-index';

/** What was found for a row: the one of the same server, or why it cannot be told, and the rows of which it may be one. */
export type Match = { found: ServerRecord; how: string } | { fault: string; rows: Rows[] };

/** The rows that one key of a row finds: as a name, as a name in DNS, or both. They may be very many, and are not copied. */
interface Finding {
  key: string;
  parts: Rows[];
}

/**
 * Finds the row of the same server. The keys of a row: its names and ids, its names in DNS, its virtual machine (vCenter and id); equal
 * but for case, never a part of one. A key that finds none says nothing. All the others must find the same row, and one row alone must
 * be found by all: else the row is refused, since which one it is would be a guess.
 */
export function match(record: ServerRecord, index: RecordIndex): Match | undefined {
  const findings = findingsFor(record, index);
  const least = findings.reduce<Finding | undefined>(
    (best, each) => (best && sizeOfAll(best) <= sizeOfAll(each) ? best : each),
    undefined,
  );
  if (!least) return undefined;
  if (sizeOfAll(least) > MANY)
    return { fault: ambiguous(least.key, `more than ${MANY}`, someIn(least)), rows: least.parts };
  const rows = [...new Set(least.parts.flatMap(listOf))];
  const common = rows.filter((row) => findings.every(({ parts }) => parts.some((part) => hasRow(part, row))));
  const [found] = common;
  if (common.length > 1) return { fault: ambiguous(least.key, common.length, someOf(common)), rows: common };
  if (!found) return { fault: contradictory(findings), rows: findings.flatMap(({ parts }) => parts) };
  if (found.fault !== undefined)
    return {
      fault: `the row of the same server (${placeOf(found)}) has an error. Correct that row first.`,
      rows: common,
    };
  return { found, how: howOf(record, findings) };
}

/** At least so many rows it finds. */
const sizeOfAll = ({ parts }: Finding): number => Math.max(...parts.map(sizeOf));

/** The places of some rows, for messages. */
const someIn = ({ parts }: Finding): string => someOf([...new Set(parts.flatMap((part) => firstOf(part, SHOWN + 1)))]);

/** For people; only where they are told of each row, since there may be many. */
const howOf = ({ file }: ServerRecord, findings: Finding[]): string =>
  file.remembersRows ? `by ${findings.map(({ key }) => quoted(key)).join(' and ')}` : '';

function findingsFor({ vm, names, hosts }: ServerRecord, index: RecordIndex): Finding[] {
  const findings: Finding[] = [];
  const add = (key: string, parts: Rows[]) => {
    const found = parts.filter((part) => sizeOf(part) > 0);
    if (found.length > 0) findings.push({ key, parts: found });
  };
  if (vm !== undefined) add(vm, [index.machines(vm)]);
  for (const key of names) add(key, partsOf(key, index.named(key), index.hosts(key)));
  for (const key of hosts) if (!names.includes(key)) add(key, partsOf(key, index.hosts(key), index.named(key)));
  return findings;
}

/** A key with a dot may be a name or one in DNS; one without is looked for as what it is, and only if there is none as the other. */
const partsOf = (key: string, asItIs: Rows, asOther: Rows): Rows[] =>
  sizeOf(asItIs) > 0 && !key.includes('.') ? [asItIs] : [asItIs, asOther];

function ambiguous(key: string, count: number | string, places: string): string {
  const mend = 'Fill in an FQDN that only one row has, or remove the other rows.';
  return `${quoted(key)} is found in ${count} rows (${places}), and it is not clear which one is meant. ${mend}`;
}

function contradictory(findings: Finding[]): string {
  const told = findings.map((finding) => `${quoted(finding.key)} is in ${someIn(finding)}`);
  return `its names belong to different servers: ${told.join('; ')}. Correct the wrong one.`;
}
