import { quoted } from '../values/cell';
import { allOf, placeOf, SHOWN, someOf, type ServerRecord } from './record';
import { firstOf, hasRow, listOf, MANY, sizeOf, type RecordIndex, type Rows } from './record-index';

/** What was found for a server: the row that is of it, or why that cannot be told, and the rows of which one may be. */
export type Match = { found: ServerRecord; how: string } | { fault: string; rows: Rows[] };

/** The rows that one key of a server finds: as a name, as a name in DNS, or both. They may be very many, and are not copied. */
interface Finding {
  key: string;
  /** Whose key it is: the row that names the server, or one that is joined to it. */
  from: ServerRecord;
  parts: Rows[];
}

/**
 * Finds the row of a server in a source. The keys of a server are those of all its rows: names and ids, names in DNS, virtual machines
 * (vCenter and id); equal but for case, never a part of one. A key that finds none says nothing. All the others must find the same row,
 * and one row alone must be found by all: else the server is refused, since which one it is would be a guess. `own`: the row of this
 * source that is joined to it already; no key may lead away from that.
 */
export function match(task: ServerRecord, index: RecordIndex, own?: ServerRecord): Match | undefined {
  const findings = findingsFor(task, index);
  const least = findings.reduce<Finding | undefined>(
    (best, each) => (best && sizeOfAll(best) <= sizeOfAll(each) ? best : each),
    undefined,
  );
  if (!least) return undefined;
  const isFoundByAll = (row: ServerRecord) => findings.every(({ parts }) => parts.some((part) => hasRow(part, row)));
  const contradiction = () => ({ fault: contradictory(task, findings), rows: findings.flatMap(({ parts }) => parts) });
  if (own) return isFoundByAll(own) ? { found: own, how: '' } : contradiction();
  if (sizeOfAll(least) > MANY)
    return { fault: ambiguous(least.key, `more than ${MANY}`, someIn(least)), rows: least.parts };
  const common = [...new Set(least.parts.flatMap(listOf))].filter(isFoundByAll);
  const [found] = common;
  if (common.length > 1) return { fault: ambiguous(least.key, common.length, someOf(common)), rows: common };
  if (!found) return contradiction();
  if (found.fault !== undefined)
    return {
      fault: `the row of the same server (${placeOf(found)}) has an error. Correct that row first.`,
      rows: common,
    };
  return { found, how: howOf(task, findings) };
}

/** At least so many rows it finds. */
const sizeOfAll = ({ parts }: Finding): number => Math.max(...parts.map(sizeOf));

/** The places of some rows, for messages. */
const someIn = ({ parts }: Finding): string => someOf([...new Set(parts.flatMap((part) => firstOf(part, SHOWN + 1)))]);

/** For people; only where they are told of each row, since there may be many. */
const howOf = ({ file }: ServerRecord, findings: Finding[]): string =>
  file.remembersRows ? `by ${findings.map(({ key }) => quoted(key)).join(' and ')}` : '';

function findingsFor(task: ServerRecord, index: RecordIndex): Finding[] {
  const rows = allOf(task);
  const findings: Finding[] = [];
  const isNew = newKeys(rows);
  const add = (key: string, from: ServerRecord, parts: Rows[]) => {
    const found = parts.filter((part) => sizeOf(part) > 0);
    if (found.length > 0) findings.push({ key, from, parts: found });
  };
  for (const row of rows) if (row.vm !== undefined && isNew(`\0${row.vm}`)) add(row.vm, row, [index.machines(row.vm)]);
  for (const row of rows)
    for (const key of row.names) if (isNew(key)) add(key, row, partsOf(key, index.named(key), index.hosts(key)));
  for (const row of rows)
    for (const key of row.hosts)
      if (!row.names.includes(key) && isNew(key)) add(key, row, partsOf(key, index.hosts(key), index.named(key)));
  return findings;
}

/** Tells whether a key of these rows is asked for the first time. Most servers have one row, of which that is not remembered. */
function newKeys(rows: ServerRecord[]): (key: string) => boolean {
  if (rows.length === 1) return () => true;
  const asked = new Set<string>();
  return (key) => {
    const { size } = asked;
    return asked.add(key).size > size;
  };
}

/** A key with a dot may be a name or one in DNS; one without is looked for as what it is, and only if there is none as the other. */
const partsOf = (key: string, asItIs: Rows, asOther: Rows): Rows[] =>
  sizeOf(asItIs) > 0 && !key.includes('.') ? [asItIs] : [asItIs, asOther];

function ambiguous(key: string, count: number | string, places: string): string {
  const mend = 'Fill in an FQDN that only one row has, or remove the other rows.';
  return `${quoted(key)} is found in ${count} rows (${places}), and it is not clear which one is meant. ${mend}`;
}

function contradictory(task: ServerRecord, findings: Finding[]): string {
  const told = findings.map((finding) => {
    const of = finding.from === task ? '' : ` (of ${placeOf(finding.from)})`;
    return `${quoted(finding.key)}${of} is in ${someIn(finding)}`;
  });
  return `its names belong to different servers: ${told.join('; ')}. Correct the wrong one.`;
}
