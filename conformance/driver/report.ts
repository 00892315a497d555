import type { Explained } from './differences';
import type { Disagreement } from './disagreements';

/** What became of one client. */
export interface ClientReport {
  name: string;
  about: string;
  rows: number;
  /** By row; empty when it was skipped. */
  verdicts: ReadonlyMap<string, Explained>;
  /** Why it did not run. */
  skipped?: string;
  /** Why its runner failed as a whole. */
  failed?: string;
}

const count = (report: ClientReport, test: (each: Explained) => boolean) =>
  [...report.verdicts.values()].filter(test).length;
const isUnexplained = (each: Explained) => each.kind === 'differing' && each.reason === undefined;

/** Whether anything is not as it should be. A client that was skipped is not. */
export function isBad(reports: readonly ClientReport[], open: readonly Disagreement[]): boolean {
  return open.length > 0 || reports.some((each) => each.failed !== undefined || count(each, isUnexplained) > 0);
}

/** Disagreements in which no client has a known difference. */
export function openDisagreements(all: readonly Disagreement[], reports: readonly ClientReport[]): Disagreement[] {
  const isKnown = (id: string) => reports.some(({ verdicts }) => verdicts.get(id)?.kind === 'differing');
  return all.filter(({ id }) => !isKnown(id));
}

function numbers(report: ClientReport): (string | number)[] {
  const skipped = report.skipped === undefined ? 0 : report.rows;
  const agreed = count(report, (each) => each.kind === 'agreed');
  const byClient = count(report, (each) => each.kind === 'agreed' && each.byClient);
  const differing = count(report, (each) => each.kind === 'differing');
  const unexplained = count(report, isUnexplained);
  const mute = count(report, (each) => each.kind === 'not-expressible');
  return [report.name, report.rows - skipped - mute, agreed, byClient, differing, unexplained, mute, skipped];
}

const HEAD = ['client', 'run', 'agreed', 'by itself', 'differing', 'unexplained', 'not expressible', 'skipped'];

function table(reports: readonly ClientReport[]): string[] {
  const rows = [HEAD, ...reports.map(numbers)].map((row) => row.map(String));
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row, index) => `${row.map(pad).join('  ')}  ${reports[index - 1]?.about ?? ''}`.trimEnd());
}

/** The lines of a client beneath the table: reasons with their rows, then what has no reason. */
function details({ name, verdicts, skipped, failed }: ClientReport): string[] {
  const byReason = new Map<string, string[]>();
  const unexplained: string[] = [];
  const add = (what: string, id: string) => byReason.set(what, [...(byReason.get(what) ?? []), id]);
  for (const [id, each] of verdicts) {
    if (each.kind === 'not-expressible') add(`not expressible, ${each.reason}`, id);
    if (each.kind === 'differing' && each.reason !== undefined) add(`differs, ${each.reason}`, id);
    if (each.kind === 'differing' && each.reason === undefined) unexplained.push(`UNEXPLAINED ${id}: ${each.how}`);
  }
  const reasons = [...byReason].map(([what, ids]) => `${what}: ${ids.length} (${ids.join(', ')})`);
  return [
    ...(skipped === undefined ? [] : [`skipped, ${skipped}`]),
    ...(failed === undefined ? [] : [`FAILED ${failed}`]),
    ...reasons,
    ...unexplained,
  ].map((line) => `${name}: ${line}`);
}

/** All lines of the report: reasons first, the table last, where it is seen. */
export function reportLines(
  reports: readonly ClientReport[],
  all: readonly Disagreement[],
  open: readonly Disagreement[],
): string[] {
  const openLines = open.map(({ id, sights }) => {
    const said = [...sights].map(([seen, clients]) => `${clients.join(' and ')} see ${seen}`).join('; ');
    return `UNEXPLAINED ${id}: the clients do not agree: ${said}`;
  });
  return [
    ...reports.flatMap(details),
    ...openLines,
    '',
    ...table(reports),
    `rows on which the clients do not agree with each other: ${all.length}, of them without a reason: ${open.length}`,
  ];
}
