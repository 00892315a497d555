import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidReportError, toEpochSeconds, validateReport, type TaskReport } from '../../src/report';
import { toStatusDetail } from '../../src/report/status-detail';

const good: TaskReport = { progressUpdateStream: 'DatacenterExit', migrationTaskName: 'vm-1', status: 'IN_PROGRESS' };
/** A report as a caller without types may send it. */
const check = (over: object) => validateReport({ ...good, ...over });

function refusal(work: () => unknown): InvalidReportError {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidReportError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const attribute = { type: 'FQDN', value: 'vm-1.example.com' };
const attributes = (count: number) => Array.from({ length: count }, () => attribute);
const owner = { ownerId: 'run', sequence: 1 };

describe('a report just inside a constraint is taken as it is', () => {
  it.each<[string, object]>([
    ['a stream of 1 character', { progressUpdateStream: 's' }],
    ['a stream of 50 characters', { progressUpdateStream: 's'.repeat(50) }],
    ['a stream of 50 characters outside the BMP', { progressUpdateStream: '😀'.repeat(50) }],
    ['a stream with a space', { progressUpdateStream: 'my stream' }],
    ['a task name of 1 character', { migrationTaskName: 't' }],
    ['a task name of 256 characters', { migrationTaskName: 't'.repeat(256) }],
    ['a task name of 256 characters outside the BMP', { migrationTaskName: '😀'.repeat(256) }],
    ['a task name with a slash', { migrationTaskName: 'dc1/vm-1' }],
    ['NOT_STARTED', { status: 'NOT_STARTED' }],
    ['IN_PROGRESS', { status: 'IN_PROGRESS' }],
    ['FAILED', { status: 'FAILED' }],
    ['COMPLETED', { status: 'COMPLETED' }],
    ['0 percent', { progressPercent: 0 }],
    ['100 percent', { progressPercent: 100 }],
    ['the shortest nextUpdateSeconds with room for a heartbeat', { nextUpdateSeconds: 45 }],
    ['the longest nextUpdateSeconds', { nextUpdateSeconds: 2_147_483_647 }],
    ['an empty detail', { statusDetail: '' }],
    ['labels', { labels: { wave: '1' } }],
    ['an owner with its first report', { owner }],
    ['an owner that numbers its reports by nanoseconds', { owner: { ...owner, sequence: 1.7e18 } }],
    ['1 resource attribute', { resourceAttributes: attributes(1) }],
    ['100 resource attributes', { resourceAttributes: attributes(100) }],
    ['an attribute of 256 characters', { resourceAttributes: [{ ...attribute, value: 'v'.repeat(256) }] }],
  ])('%s', (_, over) => {
    expect(check(over)).toEqual({ ...good, ...over });
  });
});

describe('a field that is misspelt is refused, with the one that was meant', () => {
  it.each<[object, string]>([
    [{ progress_percent: 30 }, 'progress_percent is 30, but there is no such field: did you mean progressPercent?'],
    [{ StatusDetail: 'x' }, 'StatusDetail is "x", but there is no such field: did you mean statusDetail?'],
    [{ percent: 30 }, 'percent is 30, but there is no such field: did you mean progressPercent?'],
    [
      { owner: { owner_id: 'run', sequence: 1 } },
      'owner.owner_id is "run", but there is no such field: did you mean owner.ownerId?',
    ],
    [
      { resourceAttributes: [attribute, { type: 'FQDN', Value: 'x' }] },
      'resourceAttributes[1].Value is "x", but there is no such field: did you mean resourceAttributes[1].value?',
    ],
    [{ progresPercent: 30 }, 'did you mean progressPercent?'],
    [{ progressPercentage: 30 }, 'did you mean progressPercent?'],
    [{ porgressPercent: 30 }, 'did you mean progressPercent?'],
    [{ statusDetails: 'x' }, 'did you mean statusDetail?'],
    [{ 'Status-Detail': 'x' }, 'did you mean statusDetail?'],
    [{ nextUpdateSecs: 60 }, 'did you mean nextUpdateSeconds?'],
    [{ label: { wave: '1' } }, 'did you mean labels?'],
    [{ re_open: true }, 'did you mean reopen?'],
    [{ owner: { ownerId: 'run', sequense: 2 } }, 'did you mean owner.sequence?'],
    [{ progressPercent: 10n }, 'progressPercent is 10, but it must be an integer from 0 to 100'],
  ])('%o', (over, message) => {
    expect(refusal(() => check(over)).message).toContain(message);
  });

  it('unless nothing is in it', () => {
    expect(check({ comment: null, other: undefined, progresPercent: null })).toMatchObject(good);
  });
});

describe('a field of another kind passes, as one of a newer version would, and is told', () => {
  const told = (over: object) => {
    const messages: string[] = [];
    const report = validateReport({ ...good, ...over }, { onIgnored: (message) => messages.push(message) });
    return { report, messages };
  };

  it.each([
    ['hostname', 'vm-1'],
    ['progress', 30],
    ['comment', 'x'],
    ['statusReason', 'x'],
    ['ownerTeam', 'x'],
    ['region', 'eu'],
    ['id', '1'],
    ['日本', 1],
    ['constructor', 1],
  ])('%s', (field, value) => {
    const { report, messages } = told({ [field]: value });
    expect(report).toEqual({ ...good, [field]: value });
    expect(messages).toEqual([
      `${field} is ignored: there is no such field; the fields are progressUpdateStream, migrationTaskName, status, ` +
        'statusDetail, progressPercent, nextUpdateSeconds, silenceLimitSeconds, labels, resourceAttributes, discoveredResource, owner, allowDecrease, reopen',
    ]);
  });

  it('beside the field that it resembles, too: it is another one', () => {
    const { report, messages } = told({ progressPercent: 30, percent: 31, name: 'web-01' });
    expect(report).toEqual({ ...good, progressPercent: 30, percent: 31, name: 'web-01' });
    expect(messages.map((message) => message.split(' is ignored')[0])).toEqual(['percent', 'name']);
  });

  it('within the owner and the attributes, too, each with its place; its value is not shown, and a long name is cut', () => {
    const long = 'x'.repeat(100_000);
    const resourceAttributes = [attribute, { ...attribute, seenBy: 'scan' }];
    const { messages } = told({ owner: { ...owner, zone: 'a' }, resourceAttributes, [long]: 1 });
    expect(messages.map((message) => message.split(' is ignored')[0])).toEqual([
      'x'.repeat(60),
      'owner.zone',
      'resourceAttributes[1].seenBy',
    ]);
  });

  it('but is not told of what is refused: it may be anything', () => {
    const messages: string[] = [];
    const onIgnored = (message: string) => void messages.push(message);
    expect(() => validateReport({ hostname: 'vm-1' } as never, { onIgnored })).toThrow(
      'progressUpdateStream is undefined',
    );
    expect(messages).toEqual([]);
  });

  it('and where a report was accepted by who sent it, a misspelt one passes as well', () => {
    expect(validateReport({ ...good, ...{ progresPercent: 30 } }, { onIgnored: null })).toMatchObject(good);
  });
});

describe('a report just outside a constraint is refused with field, value and rule', () => {
  it.each<[string, object, string]>([
    [
      'an empty stream',
      { progressUpdateStream: '' },
      'progressUpdateStream is "", but it must have 1 to 50 characters',
    ],
    ['a stream of 51 characters', { progressUpdateStream: 's'.repeat(51) }, '1 to 50 characters (has 51)'],
    ['a stream of 51 emoji', { progressUpdateStream: '😀'.repeat(51) }, '1 to 50 characters'],
    ['a stream with /', { progressUpdateStream: 'a/b' }, 'progressUpdateStream is "a/b", but it must not contain'],
    ['a stream with :', { progressUpdateStream: 'a:b' }, 'progressUpdateStream is "a:b", but it must not contain'],
    ['a stream with |', { progressUpdateStream: 'a|b' }, 'progressUpdateStream is "a|b", but it must not contain'],
    ['a stream with a NUL', { progressUpdateStream: 'a\0' }, 'progressUpdateStream is "a\\u0000", but it must not'],
    ['a stream with U+001F', { progressUpdateStream: 'a\u001f' }, 'control character'],
    ['no stream', { progressUpdateStream: undefined }, 'progressUpdateStream is undefined, but it must be a string'],
    ['an empty task name', { migrationTaskName: '' }, 'migrationTaskName is "", but it must have 1 to 256 characters'],
    ['a task name of 257 characters', { migrationTaskName: 't'.repeat(257) }, '1 to 256 characters (has 257)'],
    [
      'a task name with :',
      { migrationTaskName: 'a:b' },
      'migrationTaskName is "a:b", but it must not contain ":" or "|"',
    ],
    [
      'a task name with |',
      { migrationTaskName: 'a|b' },
      'migrationTaskName is "a|b", but it must not contain ":" or "|"',
    ],
    ['a number as task name', { migrationTaskName: 7 }, 'migrationTaskName is 7, but it must be a string'],
    [
      'an unknown status',
      { status: 'DONE' },
      'status is "DONE", but it must be one of NOT_STARTED, IN_PROGRESS, FAILED',
    ],
    ['no status', { status: undefined }, 'status is undefined, but it must be one of'],
    ['-1 percent', { progressPercent: -1 }, 'progressPercent is -1, but it must be an integer from 0 to 100'],
    ['101 percent', { progressPercent: 101 }, 'progressPercent is 101, but it must be an integer from 0 to 100'],
    ['half a percent', { progressPercent: 0.5 }, 'progressPercent is 0.5, but it must be an integer from 0 to 100'],
    ['NaN percent', { progressPercent: NaN }, 'progressPercent is NaN, but it must be an integer from 0 to 100'],
    ['percent as text', { progressPercent: '50' }, 'progressPercent is "50", but it must be an integer'],
    ['nextUpdateSeconds 0', { nextUpdateSeconds: 0 }, 'nextUpdateSeconds is 0, but it must be an integer from 1'],
    ['nextUpdateSeconds without room for a heartbeat', { nextUpdateSeconds: 44 }, 'is 44, but it must be at least 45'],
    [
      'a name that ends within a character',
      { migrationTaskName: 'web-🚚'.slice(0, 5) },
      'migrationTaskName is "web-\\ud83d", but it must not end or begin within a character',
    ],
    ['an id of half a character', { owner: { ...owner, ownerId: '\udc00' } }, 'it must not end or begin within a char'],
    ['nextUpdateSeconds over 32 bit', { nextUpdateSeconds: 2_147_483_648 }, 'integer from 1 to 2147483647'],
    ['nextUpdateSeconds in parts', { nextUpdateSeconds: 60.5 }, 'nextUpdateSeconds is 60.5, but it must be an integer'],
    ['a detail that is no text', { statusDetail: 5 }, 'statusDetail is 5, but it must be a string'],
    ['a label that is no text', { labels: { wave: 1 } }, 'labels is {"wave":1}, but it must be an object of strings'],
    [
      'a label that JSON cannot hold',
      { labels: { wave: 1n } },
      'labels is object, but it must be an object of strings',
    ],
    ['labels as a list', { labels: ['a'] }, 'labels is ["a"], but it must be an object of strings'],
    ['labels too long', { labels: { wave: 'w'.repeat(1000) } }, 'its JSON must have at most 1000 characters'],
    ['reopen as text', { reopen: 'false' }, 'reopen is "false", but it must be true or false'],
    ['allowDecrease as a number', { allowDecrease: 1 }, 'allowDecrease is 1, but it must be true or false'],
    ['an owner id no object can hold', { owner: { ownerId: '__proto__', sequence: 1 } }, 'it must be another name'],
    ['an owner without a name', { owner: { sequence: 1 } }, 'owner.ownerId is undefined, but it must be a string'],
    ['sequence 0', { owner: { ...owner, sequence: 0 } }, 'owner.sequence is 0, but it must be an integer from 1'],
    ['an owner that is no object', { owner: 'run' }, 'owner is "run", but it must be an object'],
    [
      'an owner in bytes',
      { owner: new TextEncoder().encode('{}') },
      'owner is bytes, but it must be an object: send JSON (encoding json/plain)',
    ],
    [
      'an attribute that is no object',
      { resourceAttributes: ['x'] },
      'resourceAttributes[0] is "x", but it must be an',
    ],
    [
      'no resource attributes in the list',
      { resourceAttributes: [] },
      'resourceAttributes is [], but it must have 1 to 100',
    ],
    ['101 resource attributes', { resourceAttributes: attributes(101) }, 'but it must have 1 to 100 entries'],
    [
      'an unknown attribute type',
      { resourceAttributes: [attribute, { ...attribute, type: 'HOSTNAME' }] },
      'resourceAttributes[1].type is "HOSTNAME", but it must be one of IPV4_ADDRESS',
    ],
    [
      'an empty attribute',
      { resourceAttributes: [{ ...attribute, value: '' }] },
      'resourceAttributes[0].value is "", but it must have 1 to 256 characters',
    ],
    [
      'an attribute of 257 characters',
      { resourceAttributes: [{ ...attribute, value: 'v'.repeat(257) }] },
      '1 to 256 characters (has 257)',
    ],
    [
      'an attribute of two lines',
      { resourceAttributes: [{ ...attribute, value: 'a\nb' }] },
      'resourceAttributes[0].value is "a\\nb", but it must not contain a line end',
    ],
  ])('%s', (_, over, saying) => {
    const error = refusal(() => check(over));
    expect(error.name).toBe('InvalidReport');
    expect(error.message).toContain(saying);
    expect(error.message).toContain(error.rule);
    expect(error.message.startsWith(error.field)).toBe(true);
  });

  it.each([undefined, null, 'report', 5])('%j instead of a report', (value) => {
    expect(refusal(() => validateReport(value as never)).field).toBe('report');
  });

  it('a huge value is shown shortened, without half a character', () => {
    for (const value of ['x'.repeat(5_000_000), '😀'.repeat(1_000_000)]) {
      const { message } = refusal(() => check({ migrationTaskName: value }));
      expect(message).toMatch(/^migrationTaskName is ".{40,60}…, but it must have 1 to 256 characters/u);
      expect(message.length).toBeLessThan(300);
      expect(message).not.toMatch(/[\ud800-\udfff]/u);
    }
  });
});

it('a single notification, which has no heartbeats, may hold for as little as a second', () => {
  expect(validateReport({ ...good, nextUpdateSeconds: 1 }, { heartbeats: false }).nextUpdateSeconds).toBe(1);
  const zero = refusal(() => validateReport({ ...good, nextUpdateSeconds: 0 }, { heartbeats: false }));
  expect(zero.message).toContain('nextUpdateSeconds is 0');
});

it('a report of several lines is taken as one line, and the caller keeps its own', () => {
  const report = { ...good, statusDetail: 'disk full\r\non volume 2' };
  expect(validateReport(report).statusDetail).toBe('disk full on volume 2');
  expect(report.statusDetail).toBe('disk full\r\non volume 2');
});

it('any two names without ":", "|", "/" and control characters are names of a task', () => {
  const name = (maxLength: number) =>
    fc.string({ unit: fc.constantFrom('a', 'Z', '0', ' ', '-', '.', 'é', '語', '😀'), minLength: 1, maxLength });
  fc.assert(
    fc.property(name(50), name(256), (progressUpdateStream, migrationTaskName) => {
      validateReport({ progressUpdateStream, migrationTaskName, status: 'IN_PROGRESS' });
    }),
  );
});

describe('updateDateTime becomes whole epoch seconds, never later than what was meant', () => {
  it.each<[string, Date | string | number, number]>([
    ['a Date', new Date('2026-01-01T00:00:00Z'), 1_767_225_600],
    ['a Date with milliseconds', new Date('2026-01-01T00:00:00.999Z'), 1_767_225_600],
    ['ISO in UTC', '2026-01-01T00:00:00Z', 1_767_225_600],
    ['ISO with milliseconds (a Date in a payload)', '2026-01-01T00:00:00.999Z', 1_767_225_600],
    ['ISO with an offset', '2026-01-01T05:30:00+05:30', 1_767_225_600],
    ['ISO with an offset without colon', '2025-12-31T19:00:00-0500', 1_767_225_600],
    ['ISO without seconds', '2026-01-01T00:00Z', 1_767_225_600],
    ['epoch seconds', 1_767_225_600, 1_767_225_600],
    ['epoch seconds with a fraction', 1_767_225_600.9, 1_767_225_600],
    ['the epoch', 0, 0],
  ])('%s', (_, value, seconds) => {
    expect(toEpochSeconds(value)).toBe(seconds);
  });

  it.each<[string, unknown]>([
    ['epoch milliseconds', 1_767_225_600_000],
    ['epoch milliseconds as text', '1767225600000'],
    ['a word', 'yesterday'],
    ['ISO without an offset', '2026-01-01T00:00:00'],
    ['a day', '2026-01-01'],
    ['a month that is none', '2026-13-01T00:00:00Z'],
    ['Invalid Date', new Date('yesterday')],
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['a time before 1970', -1],
    ['nothing', undefined],
    ['null', null],
    ['true', true],
  ])('%s is refused', (_, value) => {
    const error = refusal(() => toEpochSeconds(value as never));
    expect(error.field).toBe('updateDateTime');
    expect(error.message).toContain('not milliseconds');
  });
});

describe('a status detail, whatever it was, is something Migration Hub takes', () => {
  const LINE_END = /[\r\n\u0085\u2028\u2029]/;
  const suits = (detail: string) => {
    expect(detail).not.toMatch(LINE_END);
    expect([...detail].length).toBeLessThanOrEqual(2500);
    expect(detail).not.toMatch(/[\ud800-\udfff]/u);
  };
  const unit = fc.oneof(
    fc.constantFrom('a', ' ', '\t', '\n', '\r', '\r\n', '\u0085', '\u2028', '\u2029', '😀', '\ud83d', '\ude00', 'é'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );

  it('one line of at most 2,500 whole characters', () => {
    fc.assert(fc.property(fc.string({ unit, maxLength: 200 }), (text) => suits(toStatusDetail(text))));
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 6000 }), (text, times) =>
        suits(toStatusDetail(text.repeat(times))),
      ),
    );
  });

  it('a detail that suits stays as it is, and a second pass changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b ', '😀', 'é'), maxLength: 1200 }), (text) => {
        const plain = text.trim();
        expect(toStatusDetail(plain)).toBe(plain);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 3000 }), (text) => {
        const once = toStatusDetail(text);
        expect(toStatusDetail(once)).toBe(once);
      }),
    );
  });

  it('exactly 2,500 characters are kept, and of 2,501 the last one goes', () => {
    for (const char of ['x', 'é', '😀']) {
      expect(toStatusDetail(char.repeat(2500))).toBe(char.repeat(2500));
      expect(toStatusDetail(char.repeat(2501))).toBe(char.repeat(2500));
    }
  });

  it.each(['x', '😀', '\n', ' ', 'line\n', '\ud83d'])('5 MB of %j', (text) => {
    const detail = toStatusDetail(text.repeat(Math.ceil(5e6 / text.length)));
    suits(detail);
    if (text.startsWith('line')) expect(detail.startsWith('line line line')).toBe(true);
  });

  it.each([9999, 10_000, 20_000])('what follows %i empty lines is shown', (lines) => {
    expect(toStatusDetail(`${'\n'.repeat(lines)}😀 disk full`)).toBe('😀 disk full');
  });
});
