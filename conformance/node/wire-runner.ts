/** Runs the rows as plain HTTP requests, each input just as the table has it: what the clients are compared with. */
import type { CallStep, Result } from '../driver/types';
import { counted, ENDPOINT, type MakeCall, runRows } from './runner';

type Members = Record<string, unknown>;
type Outcome = Omit<Result, 'id'>;

function authorization(region: string): string {
  const scope = `test/20260101/${region}/mgh/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
}

async function send(step: CallStep, input: Members): Promise<Outcome> {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${step.service}.${step.operation}`,
      authorization: authorization(step.region),
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const body = (isJson && text !== '' ? JSON.parse(text) : {}) as Members;
  if (response.ok) return { verdict: 'ok', output: body };
  return {
    verdict: 'error',
    code: String(body.__type ?? 'no name'),
    httpStatus: response.status,
    reason: String(body.Message ?? text),
  };
}

async function pages(step: CallStep, { list, key }: NonNullable<CallStep['paginate']>): Promise<Outcome> {
  const items: unknown[] = [];
  let input = step.input;
  for (;;) {
    const page = await send(step, input);
    if (page.verdict !== 'ok') return page;
    const { NextToken, ...output } = page.output as Members;
    items.push(...(output[list] as unknown[]));
    if (NextToken === undefined) return { verdict: 'ok', output: counted(items, key) };
    input = { ...step.input, NextToken };
  }
}

const call: MakeCall = (step) => (step.paginate ? pages(step, step.paginate) : send(step, step.input));

void runRows(call);
