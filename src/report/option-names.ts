import { ConfigurationError } from './configuration-error';
import type { Checks } from './fields';
import { refusalOf } from './invalid-report-error';
import { meant } from './meant';

/** The names of all options of a kind; the compiler sees to it that none is missing. */
export type OptionNames<T> = Record<keyof T, unknown>;

/**
 * Refuses an option that nobody would read: one default or another would silently count in its place. `of`: what has the options.
 * @throws ConfigurationError naming the option that was meant, or all
 */
export function checkOptionNames<T>(of: string, given: T, names: OptionNames<T>): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ConfigurationError(
      `the options of ${of} are ${Array.isArray(given) ? 'an array' : given === null ? 'null' : `a ${typeof given}`}, but they must be an object`,
    );
  const known = Object.keys(names);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const guess = meant(name, known);
    throw new ConfigurationError(
      `${of} has no option ${name}: ${guess ? `did you mean ${guess}?` : `its options are ${known.join(', ')}`}`,
    );
  }
}

/**
 * Checks the values, too. `prefix` goes before the names of what has a wrong one.
 * @throws ConfigurationError naming the option
 */
export function checkOptions<T extends object>(of: string, given: T, checks: Checks<T>, prefix = ''): void {
  checkOptionNames(of, given, checks);
  for (const name in checks) {
    const rule = checks[name](given[name]);
    if (rule !== undefined) throw new ConfigurationError(refusalOf(prefix + name, given[name], rule));
  }
}
