import { describe, expect, it } from 'vitest';
import { GROUPS_HOLD_AFTER_SECONDS, numbersAfter, numbersAt } from '../../src/report';

describe('a number of groups that was changed', () => {
  it('holds from its time on, and the one before until then', () => {
    expect(numbersAt({ groups: [0, 4], since: 100 }, 99)).toEqual([0]);
    expect(numbersAt({ groups: [0, 4], since: 100 }, 100)).toEqual([0, 4]);
  });

  it('and is changed back leaves no moment in which one that holds tasks is forgotten', () => {
    const back = { groups: [0, 4, 0], since: 100 };
    expect(numbersAt(back, 99)).toEqual([0, 4]);
    expect(numbersAt(back, 100)).toEqual([4, 0]);
  });

  it('gives way to another one while nobody can go by it yet, and to none when it is about to hold', () => {
    const first = { groups: [0, 8], since: 1000 };
    expect(numbersAfter(first, 3, 980)).toEqual({ groups: [0, 3], since: 980 + GROUPS_HOLD_AFTER_SECONDS });
    expect(numbersAfter(first, 0, 980)).toEqual({ groups: [0], since: 0 });
    for (const number of [3, 0]) expect(numbersAfter(first, number, 990)).toBeUndefined();
    expect(numbersAfter(first, 8, 990)).toEqual(first);
    expect(numbersAfter(first, 3, 1000)).toEqual({ groups: [0, 8, 3], since: 1000 + GROUPS_HOLD_AFTER_SECONDS });
  });

  it('is the only one of a new stream at once', () => {
    expect(numbersAt({ groups: [3], since: 0 }, 1)).toEqual([3]);
  });
});
