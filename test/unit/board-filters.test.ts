import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isFiltered,
  matcher,
  NO_FILTERS,
  searchOf,
  textOf,
  viewFrom,
  type Filters,
  type View,
} from '../../src/board/page/filters';
import { STATUSES } from '../../src/report';
import { FRESHNESS } from '../../src/task-state';
import { boardTaskOf, type Given } from './board-tasks';

const text = fc.string({ unit: 'binary' });
const optional = fc.option(text, { nil: undefined });
const view: fc.Arbitrary<View> = fc.record({
  filters: fc.record({
    text,
    status: fc.subarray([...STATUSES]),
    freshness: fc.subarray([...FRESHNESS]),
    stream: optional,
    wave: optional,
    application: optional,
  }),
  open: optional,
});

it('a URL gives back the filters and the open task that it was made of', () => {
  fc.assert(
    fc.property(view, ({ filters, open }) => {
      const kept = { filters: { ...filters, text: filters.text.trim() && filters.text }, open: open || undefined };
      expect(viewFrom(searchOf({ filters, open }))).toEqual(kept);
    }),
  );
});

it('whatever a URL has, filters come of it', () => {
  fc.assert(
    fc.property(text, (search) => {
      const { filters } = viewFrom(search);
      matcher(filters)(boardTaskOf('a'), 'a');
      expect(filters.status.every((each) => STATUSES.includes(each))).toBe(true);
    }),
  );
  expect(viewFrom('?status=DONE&status=FAILED&status=FAILED&freshness=__proto__').filters).toEqual({
    ...NO_FILTERS,
    status: ['FAILED'],
  });
});

it('no filter leaves no trace in the URL', () => {
  expect(searchOf({ filters: NO_FILTERS })).toBe('');
  expect(isFiltered(NO_FILTERS)).toBe(false);
  expect(isFiltered({ ...NO_FILTERS, wave: '' })).toBe(true);
});

describe('a task is shown where it meets all filters:', () => {
  const shows = (filters: Partial<Filters>, name: string, given: Given) => {
    const task = boardTaskOf(name, given);
    return matcher({ ...NO_FILTERS, ...filters })(task, textOf(task));
  };
  const pending = { status: 'NOT_STARTED', acceptedAt: 1, attempts: 4 } as const;
  const failed = { type: 'AccessDeniedException', message: 'no', retry: 'operator', at: 1 } as const;
  it.each<[Partial<Filters>, string, Given, boolean]>([
    [{}, 'a', {}, true],
    [{ text: '  WEB  01 ' }, 'web-01', {}, true],
    [{ text: 'web 02' }, 'web-01', {}, false],
    [{ text: 'accessdenied' }, 'web-01', { lastFailure: failed }, true],
    [{ text: 'wave-7' }, 'web-01', { wave: 'wave-7' }, true],
    [{ text: '.*' }, 'web-01', {}, false],
    [{ status: ['FAILED', 'COMPLETED'] }, 'a', { status: 'COMPLETED' }, true],
    [{ status: ['FAILED'] }, 'a', { status: 'COMPLETED' }, false],
    [{ status: ['NOT_STARTED'] }, 'a', {}, false],
    [{ status: ['NOT_STARTED'] }, 'a', { pending }, true],
    [{ status: ['IN_PROGRESS'] }, 'a', { pending }, false],
    [{ status: ['NOT_STARTED'] }, 'a', { status: 'FAILED', pending }, false],
    [{ text: 'owner w' }, 'a', { abandoned: { at: 1, reason: 'its owner w-1 completed' } }, true],
    [{ freshness: ['stale'] }, 'a', { freshness: 'stale' }, true],
    [{ freshness: ['stale'] }, 'a', { freshness: 'fresh' }, false],
    [{ stream: 'S' }, 'a', {}, true],
    [{ stream: 'T' }, 'a', {}, false],
    [{ wave: 'w1' }, 'a', { wave: 'w1' }, true],
    [{ wave: 'w1' }, 'a', { wave: 'w11' }, false],
    [{ wave: '' }, 'a', {}, true],
    [{ wave: '' }, 'a', { wave: 'w1' }, false],
    [{ application: 'erp', wave: 'w1' }, 'a', { application: 'erp', wave: 'w2' }, false],
    [{ application: 'constructor' }, 'a', {}, false],
  ])('%j: %s %j %s', (filters, name, given, expected) => {
    expect(shows(filters, name, given)).toBe(expected);
  });
});

it('the counts of a filter do not depend on that filter', () => {
  const task = boardTaskOf('a', { status: 'FAILED', freshness: 'terminal' });
  const filters: Filters = { ...NO_FILTERS, status: ['COMPLETED'], freshness: ['stale'] };
  expect(matcher({ ...filters, freshness: [] }, 'status')(task, '')).toBe(true);
  expect(matcher(filters, 'status')(task, '')).toBe(false);
  expect(matcher({ ...filters, status: [] }, 'freshness')(task, '')).toBe(true);
});
