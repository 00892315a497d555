/** What the two TypeScript runners share: read the rows, run each, write one JSON object a line. See ../README.md. */
import { readFileSync } from 'node:fs';
import type { AdminStep, CallStep, Result, RunnerRow } from '../driver/types';

type Outcome = Omit<Result, 'id'>;

/** Makes one call; throws only for what is no outcome. */
export type MakeCall = (step: CallStep) => Promise<Outcome>;

/** Where the emulator is; the driver says so. */
export const ENDPOINT = process.env.MGH_ENDPOINT ?? '';

async function admin({ admin: path, body }: AdminStep): Promise<void> {
  const response = await fetch(ENDPOINT + path, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}

function picked(output: unknown, path: string): string {
  const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], output);
  if (typeof value !== 'string') throw new Error(`the output has no text at ${path}`);
  return value;
}

function filled(step: CallStep, captured: Map<string, string>): CallStep {
  let text = JSON.stringify(step);
  for (const [name, value] of captured) text = text.replaceAll(`<<${name}>>`, value);
  return JSON.parse(text) as CallStep;
}

async function runRow(call: MakeCall, row: RunnerRow): Promise<Outcome> {
  const captured = new Map<string, string>();
  await admin({ admin: '/_mgh/reset', body: {} });
  for (const step of row.setup) {
    if ('admin' in step) {
      await admin(step);
      continue;
    }
    const result = await call(filled(step, captured));
    if (result.verdict === 'not-expressible') return result;
    if (result.verdict !== 'ok' && !step.mayFail)
      return { ...result, verdict: 'setup-failed', reason: `${step.operation}: ${result.reason}` };
    for (const [name, path] of Object.entries(step.capture ?? {})) captured.set(name, picked(result.output, path));
  }
  return call(filled(row.call, captured));
}

/** What is counted of the items that a paginator yields. */
export function counted(items: unknown[], key: string): { items: number; distinct: number } {
  return { items: items.length, distinct: new Set(items.map((item) => (item as Record<string, unknown>)[key])).size };
}

/** Runs the rows of the file that the first argument names. */
export async function runRows(call: MakeCall): Promise<void> {
  const rows = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as RunnerRow[];
  for (const row of rows) {
    const outcome = await runRow(call, row);
    process.stdout.write(`${JSON.stringify({ id: row.id, ...outcome })}\n`);
  }
}
