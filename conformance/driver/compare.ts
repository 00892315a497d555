import type { Expectation, Result, Row } from './types';

/** Clients keep times as floating point numbers: closer than this they are the same. */
const SAME_TIME = 0.0005;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function said(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/**
 * The first place where `actual` is not as expected, in words; undefined where there is none. An object may have more
 * members than expected, a list is as long as expected; `{"$absent": true}` and `{"$present": true}` say just that.
 */
export function mismatch(expected: unknown, actual: unknown, path = 'the output'): string | undefined {
  if (isObject(expected) && expected.$absent === true)
    return actual === undefined ? undefined : `${path} should be absent, but is ${said(actual)}`;
  if (isObject(expected) && expected.$present === true) return actual === undefined ? `${path} is absent` : undefined;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return `${path} should be a list, but is ${said(actual)}`;
    if (actual.length !== expected.length)
      return `${path} should have ${expected.length} items, but has ${actual.length}`;
    return expected.map((each, index) => mismatch(each, actual[index], `${path}.${index}`)).find(Boolean);
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return `${path} should be an object, but is ${said(actual)}`;
    const members = Object.entries(expected);
    return members.map(([name, each]) => mismatch(each, own(actual, name), `${path}.${name}`)).find(Boolean);
  }
  const same =
    typeof expected === 'number' && typeof actual === 'number'
      ? Math.abs(expected - actual) < SAME_TIME
      : expected === actual;
  return same ? undefined : `${path} should be ${said(expected)}, but is ${said(actual)}`;
}

const own = (object: Record<string, unknown>, name: string) => (Object.hasOwn(object, name) ? object[name] : undefined);

/** What a result says, in a few words. */
function outcome({ verdict, code, httpStatus, reason }: Result): string {
  if (verdict === 'ok') return 'success';
  const status = httpStatus === null || httpStatus === undefined ? '' : ` with status ${httpStatus}`;
  return verdict === 'error' ? `${code}${status}` : `${verdict}${code ? ` (${code})` : ''}: ${reason ?? ''}`;
}

/** Why a result is not as expected; undefined when it is. */
export function differs(expect: Expectation, result: Result): string | undefined {
  if (result.verdict === 'ok' && 'ok' in expect) return mismatch(expect.ok, result.output ?? {});
  if ('ok' in expect) return `should be a success, but is ${outcome(result)}`;
  const wanted = `${expect.error} with status ${expect.httpStatus}`;
  if (result.verdict !== 'error') return `should be ${wanted}, but is ${outcome(result)}`;
  const rightName = expect.error === '*' || expect.error === result.code;
  const rightStatus = result.httpStatus === null || result.httpStatus === expect.httpStatus;
  return rightName && rightStatus ? undefined : `should be ${wanted}, but is ${outcome(result)}`;
}

/** How a client did on a row. */
export type Judgement =
  /** `byClient`: its own check refused what the service would have refused. */
  | { kind: 'agreed'; byClient: boolean }
  | { kind: 'not-expressible'; reason: string }
  | { kind: 'differing'; how: string };

/** Judges what a runner wrote for a row; no result at all is a difference. */
export function judge(row: Row, result: Result | undefined): Judgement {
  if (!result) return { kind: 'differing', how: 'the runner wrote no result' };
  if (result.verdict === 'not-expressible') return { kind: 'not-expressible', reason: result.reason ?? '' };
  if (result.verdict === 'refused-by-client' && row.badInput) return { kind: 'agreed', byClient: true };
  const how = differs(row.expect, result);
  return how === undefined ? { kind: 'agreed', byClient: false } : { kind: 'differing', how };
}
