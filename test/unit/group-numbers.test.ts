import { describe, expect, it } from 'vitest';
import { numbersAt } from '../../src/report';

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

  it('is the only one of a new stream at once', () => {
    expect(numbersAt({ groups: [3], since: 0 }, 1)).toEqual([3]);
  });
});
