/** `npm run conformance`: the table of calls, run by clients that nobody here wrote, against the emulator. */
import { stopCode, stopOnSignals } from './children';
import type { Client } from './clients';
import { judge } from './compare';
import { Differences } from './differences';
import { disagreements } from './disagreements';
import { type Options, readOptions, USAGE, UsageError } from './options';
import { type ClientReport, isBad, openDisagreements, reportLines } from './report';
import { loadRows } from './rows';
import { runClient } from './run-client';
import { MissingTool } from './tools';
import type { Result, Row } from './types';

const say = (line: string) => process.stderr.write(`[conformance] ${line}\n`);
const PROGRESS_EVERY = 50;

async function reportOn(
  { name, about, ...client }: Client,
  rows: Row[],
  differences: Differences,
): Promise<{ report: ClientReport; results: Map<string, Result> }> {
  const base = { name, about, rows: rows.length, verdicts: new Map() };
  say(`${name}: ${rows.length} rows (${about})`);
  const progress = (done: number) => {
    if (done % PROGRESS_EVERY === 0 && done < rows.length) say(`${name}: ${done} of ${rows.length}`);
  };
  try {
    const results = await runClient({ name, about, ...client }, rows, progress);
    const verdicts = rows.map((row) => {
      const result = results.get(row.id);
      return [row.id, differences.explain(name, judge(row, result), row.id, result)] as const;
    });
    return { report: { ...base, verdicts: new Map(verdicts) }, results };
  } catch (error) {
    if (error instanceof MissingTool) return { report: { ...base, skipped: error.message }, results: new Map() };
    return { report: { ...base, failed: (error as Error).message }, results: new Map() };
  }
}

async function run({ clients, rows: wanted }: Options): Promise<boolean> {
  const differences = Differences.load();
  const reports: ClientReport[] = [];
  const rowsOf = new Map<string, Row[]>();
  const resultsOf = new Map<string, Map<string, Result>>();
  for (const client of clients) {
    const { picks = () => true } = client;
    const rows = loadRows(client.name).filter((row) => picks(row) && (wanted.size === 0 || wanted.has(row.id)));
    const { report, results } = await reportOn(client, rows, differences);
    if (stopCode() !== undefined) return false;
    reports.push(report);
    rowsOf.set(client.name, rows);
    resultsOf.set(client.name, results);
  }
  const all = disagreements(rowsOf, resultsOf);
  const open = openDisagreements(all, reports);
  process.stdout.write(`${reportLines(reports, all, open).join('\n')}\n`);
  return !isBad(reports, open);
}

async function main(): Promise<void> {
  stopOnSignals();
  try {
    const known = new Set(loadRows('any').map(({ id }) => id));
    if (!(await run(readOptions(process.argv.slice(2), known)))) process.exitCode = stopCode() ?? 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`conformance: ${error.message}\n${USAGE}\n`);
    process.exitCode = 2;
  }
}

void main();
