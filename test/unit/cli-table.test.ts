import { describe, expect, it, vi } from 'vitest';
import { colorsFor } from '../../src/cli/color';
import { jsonOf } from '../../src/cli/output';
import { clip, plain, tableOf, widthOf } from '../../src/cli/table';

/** What people call servers, and its width in a terminal. */
const NAMES: [string, number][] = [
  ['web-01', 6],
  ['データベース', 12],
  ['서버', 4],
  ['Größe', 5],
  ['e\u0301te\u0301', 3],
  ['นี้', 1],
  ['🚀', 2],
  ['ok 👍🏽', 5],
  ['', 0],
  ['x'.repeat(256), 256],
];

it.each(NAMES)('%j takes its columns of a terminal', (name, width) => expect(widthOf(name)).toBe(width));

it('a table is aligned, whatever the names in it', () => {
  const lines = tableOf(
    ['TASK', 'STATUS'],
    NAMES.map(([name]) => [name, 'FAILED']),
  ).split('\n');
  expect(lines).toHaveLength(NAMES.length + 1);
  expect(new Set(lines.map((line) => widthOf(line.slice(0, line.search(/STATUS|FAILED/)))))).toEqual(new Set([258]));
});

/** Clears the screen, sets the title, rings, goes back, turns the line around; as bytes of one, too (C1). */
const HOSTILE = 'a\u001b[2J\u001b]0;title\u0007\u009b31m\rb\nc\td\u202ee\u2066f\u2028g\u007fh\ud800i\u200b\ufeff';

it('nothing of a name reaches the terminal as a command, in a table and in JSON', () => {
  // eslint-disable-next-line no-control-regex
  const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]|[\ud800-\udfff]/u;
  expect(plain(HOSTILE)).not.toMatch(unsafe);
  expect(tableOf(['N', 'M'], [[HOSTILE, HOSTILE]]).split('\n')).toHaveLength(2);
  expect(tableOf(['N'], [[HOSTILE]])).not.toMatch(unsafe);
  expect(jsonOf({ name: HOSTILE }, 2)).not.toMatch(unsafe);
  expect(JSON.parse(jsonOf({ name: HOSTILE }))).toEqual({ name: HOSTILE });
});

it('a text is cut between characters, to the width asked for', () => {
  expect(clip('abc', 3)).toBe('abc');
  expect(clip('abcd', 3)).toBe('ab…');
  expect(clip('データ', 4)).toBe('デ…');
  expect(clip('👍🏽👍🏽👍🏽', 4)).toBe('👍🏽…');
  expect(clip('abc', 1)).toBe('…');
  expect(clip('abc', 0)).toBe('');
});

describe('colours', () => {
  const isColored = (...args: Parameters<typeof colorsFor>) => colorsFor(...args).red('x') !== 'x';

  it('are on a terminal, not in a file', () => {
    vi.stubEnv('NO_COLOR', undefined);
    vi.stubEnv('TERM', 'xterm');
    expect(isColored('auto', { isTTY: true })).toBe(true);
    expect(isColored(undefined, { isTTY: true })).toBe(true);
    expect(isColored('auto', {})).toBe(false);
    vi.unstubAllEnvs();
  });

  it.each([
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
  ])('are not where %s is %s, unless the flag says always', (variable, value) => {
    vi.stubEnv(variable, value);
    expect(isColored('auto', { isTTY: true })).toBe(false);
    expect(isColored('always', {})).toBe(true);
    expect(isColored('never', { isTTY: true })).toBe(false);
    vi.unstubAllEnvs();
  });
});
