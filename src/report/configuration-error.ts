import { object, type Checks } from './fields';
import { refusalOf } from './invalid-report-error';
import { meant } from './meant';

/** A setting is missing or wrong; the message names it and the mend. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** @throws ConfigurationError unless the setting is a number from `min` to `max`, and whole where it must be. */
export function checkNumber(
  setting: string,
  value: unknown,
  { min, max, whole = false }: { min: number; max: number; whole?: boolean },
): void {
  if (typeof value !== 'number' || !(value >= min && value <= max) || (whole && !Number.isInteger(value)))
    throw new ConfigurationError(
      `${setting} is ${typeof value === 'number' ? value : JSON.stringify(value)}, but it must be ${whole ? 'an integer' : 'a number'} from ${min} to ${max}`,
    );
}

/** @throws ConfigurationError unless all names are known; it says which one was meant. `within` goes before them. */
export function checkOptionNames(within: string, given: object, known: string[]): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || known.includes(name)) continue;
    const guess = meant(name, known);
    const mend = guess ? `did you mean ${within}${guess}?` : `the options are ${known.join(', ')}`;
    throw new ConfigurationError(refusalOf(within + name, value, `there is no such option: ${mend}`));
  }
}

/** @throws ConfigurationError unless `given` has known options only, and each meets its rule. `within` goes before their names. */
export function checkOptions<T extends object>(within: string, given: T, rules: Checks<T>): void {
  refuse(within.slice(0, -1) || 'the argument', given, object(given));
  checkOptionNames(within, given, Object.keys(rules));
  for (const name in rules) refuse(within + name, given[name], rules[name](given[name]));
}

function refuse(name: string, value: unknown, rule: string | undefined): void {
  if (rule !== undefined) throw new ConfigurationError(refusalOf(name, value, rule));
}
