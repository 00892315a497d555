import { describe, expect, it } from 'vitest';
import { differs, judge, mismatch } from '../../conformance/driver/compare';
import { Differences } from '../../conformance/driver/differences';
import { disagreements } from '../../conformance/driver/disagreements';
import { type ClientReport, isBad, openDisagreements, reportLines } from '../../conformance/driver/report';
import type { Expectation, Result, Row } from '../../conformance/driver/types';

const row = (expect: Expectation, over: Partial<Row> = {}): Row => ({
  id: 'r',
  title: 'a row',
  setup: [],
  call: { service: 'S', operation: 'O', input: {}, region: 'us-west-2' },
  badInput: 'error' in expect && expect.error === 'InvalidInputException',
  expect,
  smoke: false,
  choice: false,
  ...over,
});
const ok = (output: unknown): Result => ({ id: 'r', verdict: 'ok', output });
const error = (code: string, httpStatus: number | null): Result => ({ id: 'r', verdict: 'error', code, httpStatus });
const refused: Result = { id: 'r', verdict: 'refused-by-client', reason: 'no' };
const BAD: Expectation = { error: 'InvalidInputException', httpStatus: 400 };

describe('an output', () => {
  it.each([
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: [{ b: 'x' }] }, { a: [{ b: 'x', c: 1 }] }],
    [{ a: { $absent: true } }, { b: 1 }],
    [{ a: { $present: true } }, { a: 'anything' }],
    [{ t: 1.7 }, { t: 1.7000000001 }],
    [{}, {}],
  ])('that is to be like %j may be %j', (expected, actual) => {
    expect(mismatch(expected, actual)).toBeUndefined();
  });

  it.each([
    [{ a: 1 }, { a: 2 }, 'the output.a should be 1, but is 2'],
    [{ a: 'x' }, {}, 'the output.a should be "x", but is nothing'],
    [{ a: [] }, { a: [1] }, 'the output.a should have 0 items, but has 1'],
    [{ a: [1] }, { a: 1 }, 'the output.a should be a list, but is 1'],
    [{ a: { b: 1 } }, { a: 1 }, 'the output.a should be an object, but is 1'],
    [{ a: { $absent: true } }, { a: null }, 'the output.a should be absent, but is null'],
    [{ a: { $present: true } }, {}, 'the output.a is absent'],
    [{ t: 1.7 }, { t: 1.8 }, 'the output.t should be 1.7, but is 1.8'],
    [{ constructor: { $present: true } }, {}, 'the output.constructor is absent'],
  ])('that is to be like %j may not be %j', (expected, actual, how) => {
    expect(mismatch(expected, actual)).toBe(how);
  });
});

describe('a result', () => {
  it('agrees by name and status, or by name where the client tells no status', () => {
    expect(differs(BAD, error('InvalidInputException', 400))).toBeUndefined();
    expect(differs(BAD, error('InvalidInputException', null))).toBeUndefined();
    expect(differs({ error: '*', httpStatus: 503 }, error('SyntaxError', 503))).toBeUndefined();
  });

  it.each([
    [BAD, error('InvalidInputException', 500)],
    [BAD, error('SerializationException', 400)],
    [BAD, ok({})],
    [{ ok: {} }, error('InvalidInputException', 400)],
    [{ error: '*', httpStatus: 503 }, error('Anything', 500)],
  ])('does not agree: %j and %j', (expected, result) => {
    expect(differs(expected, result)).toBeTypeOf('string');
  });

  it('of a client that refuses a bad input itself agrees; that of a good input does not', () => {
    expect(judge(row(BAD), refused)).toEqual({ kind: 'agreed', byClient: true });
    expect(judge(row({ ok: {} }), refused)).toMatchObject({ kind: 'differing' });
  });

  it('that is missing, or whose setup failed, is a difference', () => {
    expect(judge(row({ ok: {} }), undefined)).toMatchObject({ kind: 'differing' });
    expect(judge(row(BAD), { id: 'r', verdict: 'setup-failed', reason: 'x' })).toMatchObject({ kind: 'differing' });
  });
});

describe('the list of known differences', () => {
  const known = new Differences([{ client: 'c', reason: 'it rounds', rows: { r: { ok: { t: 2 } } } }]);
  const explain = (result: Result, client = 'c') =>
    known.explain(client, judge(row({ ok: { t: 1.7 } }), result), 'r', result);

  it('gives its reason to what the client is known to see', () => {
    expect(explain(ok({ t: 2 }))).toMatchObject({ kind: 'differing', reason: 'it rounds' });
  });

  it('gives none to anything else, nor to another client', () => {
    expect(explain(ok({ t: 3 }))).not.toHaveProperty('reason');
    expect(explain(ok({ t: 2 }), 'another')).not.toHaveProperty('reason');
  });

  it('must go when the difference is gone', () => {
    expect(explain(ok({ t: 1.7 }))).toMatchObject({ kind: 'differing', how: expect.stringContaining('it rounds') });
    expect(explain(ok({ t: 1.7 }))).not.toHaveProperty('reason');
  });
});

describe('clients among each other', () => {
  const both = (a: Result, b: Result, expected: Expectation = { ok: {} }) => {
    const rows = [row(expected)];
    return disagreements(
      new Map([
        ['a', rows],
        ['b', rows],
      ]),
      new Map([
        ['a', new Map([['r', a]])],
        ['b', new Map([['r', b]])],
      ]),
    );
  };

  it('agree when only the order of members or the stream differs', () => {
    expect(both(ok({ x: 'a.r', y: 1 }), ok({ y: 1, x: 'b.r' }))).toEqual([]);
    expect(both(refused, error('InvalidInputException', 400), BAD)).toEqual([]);
  });

  it('do not agree when an output or an error is another', () => {
    const [found] = both(ok({ list: [] }), ok({}));
    expect([...(found?.sights.values() ?? [])]).toEqual([['a'], ['b']]);
    expect(both(error('A', 400), error('B', 400))).toHaveLength(1);
  });

  it('need not agree where one has no way to say it', () => {
    expect(both(ok({}), { id: 'r', verdict: 'not-expressible' })).toEqual([]);
  });
});

describe('the report', () => {
  const report = (over: Partial<ClientReport>): ClientReport => ({
    name: 'c',
    about: 'a client',
    rows: 4,
    verdicts: new Map(),
    ...over,
  });
  const mixed = report({
    verdicts: new Map([
      ['one', { kind: 'agreed', byClient: true }],
      ['two', { kind: 'differing', how: 'x', reason: 'it rounds' }],
      ['three', { kind: 'not-expressible', reason: 'no such call' }],
      ['four', { kind: 'agreed', byClient: false }],
    ]),
  });

  it('counts each row once, and ends with the table', () => {
    const lines = reportLines([mixed], [], []);
    expect(lines.slice(0, 2)).toEqual([
      'c: differs, it rounds: 1 (two)',
      'c: not expressible, no such call: 1 (three)',
    ]);
    expect(lines.at(-2)?.split(/\s{2,}/)).toEqual(['c', '3', '2', '1', '1', '0', '1', '0', 'a client']);
  });

  it('says what was skipped, and counts it', () => {
    const lines = reportLines([report({ skipped: 'go is not on PATH' })], [], []);
    expect(lines[0]).toBe('c: skipped, go is not on PATH');
    expect(lines.at(-2)?.split(/\s{2,}/)).toEqual(['c', '0', '0', '0', '0', '0', '0', '4', 'a client']);
  });

  it('is bad with a difference that has no reason, a runner that failed, or clients that disagree for no reason', () => {
    expect(isBad([mixed, report({ skipped: 'x' })], [])).toBe(false);
    expect(isBad([report({ verdicts: new Map([['one', { kind: 'differing', how: 'x' }]]) })], [])).toBe(true);
    expect(isBad([report({ failed: 'x' })], [])).toBe(true);
    expect(isBad([mixed], [{ id: 'four', sights: new Map() }])).toBe(true);
  });

  it('takes clients that disagree for explained when one of them has a known difference', () => {
    const all = ['two', 'four'].map((id) => ({ id, sights: new Map<string, string[]>() }));
    expect(openDisagreements(all, [mixed]).map(({ id }) => id)).toEqual(['four']);
  });
});
