import { quoted } from '../values/cell';
import { allOf, placeOf, SHOWN, someOf, type ServerRecord } from './record';
import { firstOf, hasRow, listOf, MANY, sizeOf, type RecordIndex, type Rows } from './record-index';

/** Why it cannot be told which row is of a server, and the rows of which one may be. */
export interface Doubt {
  /** For people. */
  fault: string;
  /** They may be very many, and are not copied. */
  rows: Rows[];
  /** Those that leave it open. */
  findings: Finding[];
}

/** What was found for a server. */
export type Match = Found | Doubt;

/** The row that is of a server. */
export interface Found {
  /** The row. */
  found: ServerRecord;
  /** For people; only where they are told of each row, since there may be many. */
  how: string;
  /** Those that find it. */
  findings: Finding[];
}

/** The rows that one key of a server finds: as a name, as a name in DNS, or both. They may be very many, and are not copied. */
export interface Finding {
  /** As which it is looked for. */
  key: string;
  /** Whose key it is: the row that names the server, or one that is joined to it. */
  from: ServerRecord;
  /** All that it finds. */
  all: Rows[];
  /** Without rows that are surely of other servers. */
  parts: Rows[];
}

/**
 * Finds the row of a server in a source. The keys of a server are those of all its rows: names and ids, names in DNS, virtual machines
 * (vCenter and id); equal but for case, never a part of one. A key that finds none says nothing. All the others must find the same row,
 * and one row alone must be found by all: else the server is refused, since which one it is would be a guess.
 *
 * The id of a machine decides. Where that of a row finds one, the names of that row are not asked: other machines may share them. Nor is
 * a row of this source meant whose machine is another row of a source of which the server has one.
 *
 * `own`: the row of this source that is joined to it already; no key may lead away from that. `others`: the other sources of which it
 * has a row.
 */
export function match(
  task: ServerRecord,
  index: RecordIndex,
  own?: ServerRecord,
  others: RecordIndex[] = [],
): Match | undefined {
  const findings = findingsFor(task, index, others);
  const least = findings.reduce<Finding | undefined>(
    (best, each) => (best && sizeOfAll(best) <= sizeOfAll(each) ? best : each),
    undefined,
  );
  if (!least) return undefined;
  const isFoundByAll = (row: ServerRecord) => findings.every(({ parts }) => parts.some((part) => hasRow(part, row)));
  const rows = () => findings.flatMap(({ parts }) => parts);
  const contradiction = () => ({ fault: contradictory(task, findings), rows: rows(), findings });
  if (own) return isFoundByAll(own) ? { found: own, how: '', findings } : contradiction();
  if (sizeOfAll(least) > MANY)
    return { fault: ambiguous(least.key, `more than ${MANY}`, someIn(least)), rows: least.parts, findings };
  const common = [...new Set(least.parts.flatMap(listOf))].filter(isFoundByAll);
  const [found] = common;
  if (!found) return contradiction();
  // That the others are of other servers does not show that this one is of it.
  if (common.length > 1 || isShared(least))
    return {
      fault: ambiguous(least.key, new Set(least.all.flatMap(listOf)).size, someIn(least)),
      rows: common,
      findings,
    };
  if (found.fault !== undefined)
    return {
      fault: `the row of the same server (${placeOf(found)}) has an error. Correct that row first.`,
      rows: common,
      findings: [],
    };
  return { found, how: howOf(task, findings), findings };
}

/** At least so many rows it finds. */
const sizeOfAll = ({ all }: Finding): number => Math.max(...all.map(sizeOf));

/** Whether it finds rows of other servers, too. */
const isShared = ({ all, parts }: Finding): boolean => all.some((rows, i) => rows !== parts[i]);

/** The places of some rows, for messages. */
const someIn = ({ all }: Finding): string => someOf([...new Set(all.flatMap((rows) => firstOf(rows, SHOWN + 1)))]);

const howOf = ({ file }: ServerRecord, findings: Finding[]): string =>
  file.remembersRows ? `by ${findings.map(({ key }) => quoted(key)).join(' and ')}` : '';

function findingsFor(task: ServerRecord, index: RecordIndex, others: RecordIndex[]): Finding[] {
  const rows = allOf(task);
  const findings: Finding[] = [];
  const isNew = newKeys(rows);
  const add = (key: string, from: ServerRecord, all: Rows[], parts = all) => {
    if (parts.some((part) => sizeOf(part) > 0)) findings.push({ key, from, all, parts });
  };
  // What a wave file says of a server is never put aside.
  const isGiven = (key: string) => isNaming(task) && (task.names.includes(key) || task.hosts.includes(key));
  const addName = (key: string, from: ServerRecord, all: Rows[]) => {
    if (others.length === 0 || isGiven(key)) add(key, from, all);
    else
      add(
        key,
        from,
        all,
        all.map((found) => others.reduce((left, other) => other.unknownOf(left), found)),
      );
  };
  const unsure = rows.filter((row) => {
    const machines = row.vm === undefined ? undefined : index.machines(row.vm);
    if (row.vm !== undefined && isNew(`\0${row.vm}`)) add(row.vm, row, [machines]);
    return sizeOf(machines) === 0;
  });
  for (const row of unsure)
    for (const key of row.names) if (isNew(key)) addName(key, row, partsOf(key, index.named(key), index.hosts(key)));
  for (const row of unsure)
    for (const key of row.hosts)
      if (!row.names.includes(key) && isNew(key)) addName(key, row, partsOf(key, index.hosts(key), index.named(key)));
  return findings;
}

/** Whether it is of a wave file. */
const isNaming = ({ file }: ServerRecord): boolean => file.role !== 'identity';

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
