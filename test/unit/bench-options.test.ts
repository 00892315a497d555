import { describe, expect, it } from 'vitest';
import { readOptions, usage } from '../../bench/options';

const figures = { counts: { about: 'counts' }, latency: { about: 'times', longOnly: true }, rate: { about: 'rates' } };
const read = (...args: string[]) => readOptions(args, figures);

describe('npm run bench -- ', () => {
  it('measures all, and in short all that is judged there', () => {
    expect(read()).toEqual({ figures: ['counts', 'latency', 'rate'], short: false, json: undefined });
    expect(read('--short')?.figures).toEqual(['counts', 'rate']);
  });

  it('measures what is named, however it is named', () => {
    for (const args of [
      ['--only', 'rate,latency'],
      ['--only', 'rate', 'latency'],
      ['--only', 'rate', '--only', 'latency'],
    ])
      expect(read('--short', ...args)?.figures).toEqual(['latency', 'rate']);
  });

  it('says in one line what is wrong', () => {
    expect(() => read('--only', 'speed')).toThrow('There is no figure speed. There are: counts, latency, rate');
    expect(() => read('rate')).toThrow('Did you mean --only rate?');
    expect(() => read('--fast')).toThrow('--fast');
    expect(() => read('--json', '')).toThrow('--json needs the path of a file');
  });

  it('lists the figures', () => {
    expect(read('--help')).toBeUndefined();
    expect(usage(figures)).toContain('  latency    times');
  });
});
