import { parseArgs } from 'node:util';

export interface LifeOptions {
  /** The first seed. */
  from: number;
  seeds: number;
  /** Programmes at once, in one world. */
  atOnce: number;
  /** Nothing fails around them. */
  calm: boolean;
}

export const USAGE = `npm run life -- [--seeds N] [--from SEED] [--at-once N] [--calm] [--short]
  --seeds    how many programmes; default 500
  --from     the first seed; default 1
  --at-once  programmes at once; default 60
  --calm     no faults of Migration Hub, no lost or frozen workers, no restart of the server
  --short    24 programmes, for CI
Exit code 1 if Migration Hub shows something else than the model, in the end or in between.`;

/** Something the user wrote is wrong: one line tells what. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Undefined when only help was asked for. @throws UsageError */
export function readOptions(args: string[]): LifeOptions | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  let values;
  try {
    const options = { seeds: text, from: text, 'at-once': text, calm: flag, short: flag, help: flag };
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Try --help.`);
  }
  if (values.help) return undefined;
  return {
    from: wholeNumber('--from', values.from ?? '1'),
    seeds: wholeNumber('--seeds', values.seeds ?? (values.short ? '24' : '500')),
    atOnce: wholeNumber('--at-once', values['at-once'] ?? '60'),
    calm: values.calm,
  };
}

function wholeNumber(name: string, given: string): number {
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new UsageError(`${name} is ${given}, but it must be an integer from 1`);
  return Number(given);
}
