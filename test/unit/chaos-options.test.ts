import { describe, expect, it } from 'vitest';
import { readOptions, usage, UsageError } from '../../chaos/options';
import { SCENARIOS } from '../../chaos/scenarios';

const ALL = Object.keys(SCENARIOS);

describe('the flags of the chaos suite', () => {
  it('run all scenarios without any, and those for CI with --short', () => {
    expect(readOptions([])).toMatchObject({ names: ALL, short: false, seed: 1 });
    const short = readOptions(['--short'])?.names ?? [];
    expect(short).toContain('worker-kills');
    expect(short).not.toContain('simulated-year');
  });

  it('run the scenarios that were named, in the short form too', () => {
    expect(readOptions(['--only', 'two-workers, worker-kills', '--short'])).toMatchObject({
      names: ['worker-kills', 'two-workers'],
      short: true,
    });
  });

  it('are refused where a scenario does not exist, with those that do', () => {
    expect(() => readOptions(['--only', 'two-workers,nope'])).toThrow(UsageError);
    expect(() => readOptions(['--only', 'nope'])).toThrow(`There is no scenario nope. There are: ${ALL.join(', ')}`);
  });

  it.each([['--seed', 'x'], ['--seed', '-1'], ['--parallel', '0'], ['--fast'], ['worker-kills']])(
    'are refused where they are wrong: %s %s',
    (...args) => {
      expect(() => readOptions(args)).toThrow(UsageError);
    },
  );

  it('tell every scenario with --help', () => {
    expect(readOptions(['--help'])).toBeUndefined();
    for (const name of ALL) expect(usage()).toContain(`  ${name} `);
    for (const { about } of Object.values(SCENARIOS)) expect(usage()).toContain(about);
  });
});
