import { Argument, InvalidArgumentError, Option } from 'commander';
import { IDENTITY_FIELDS, type Check } from '../report/fields';
import { meant } from '../report/meant';

/** @throws InvalidArgumentError with what the value must be */
function check<T>(rule: Check, value: T): T {
  const saying = rule(value);
  if (saying === undefined) return value;
  throw new InvalidArgumentError(`${saying.slice(0, 1).toUpperCase()}${saying.slice(1)}.`);
}

/** Takes a text that meets the rule of a field. */
export const textOf =
  (rule: Check) =>
  (text: string): string =>
    check(rule, text);

/** Takes a whole number that meets the rule of a field. */
export const integerOf =
  (rule: Check) =>
  (text: string): number =>
    check(rule, /^[+-]?\d{1,15}$/.test(text) ? Number(text) : NaN);

/** Takes a number that meets the rule of a field. */
export const numberOf =
  (rule: Check) =>
  (text: string): number =>
    check(rule, /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : NaN);

/** Takes one of some words of the API, also in small letters and with hyphens. */
export const wordOf =
  <T extends string>(words: readonly T[]) =>
  (text: string): T => {
    const given = text.toUpperCase().replaceAll('-', '_');
    const word = words.find((each) => each === given);
    if (word !== undefined) return word;
    const guess = meant(text, [...words]);
    throw new InvalidArgumentError(guess ? `Did you mean ${guess}?` : `It must be one of ${words.join(', ')}.`);
  };

const ABOUT_STREAM = 'the ProgressUpdateStream';

/** The argument that names a stream. */
export const streamArgument = (name = '<stream>', about = ABOUT_STREAM): Argument =>
  new Argument(name, about).argParser(textOf(IDENTITY_FIELDS.progressUpdateStream));

/** The option that names a stream. */
export const streamOption = (): Option =>
  new Option('--stream <name>', ABOUT_STREAM).argParser(textOf(IDENTITY_FIELDS.progressUpdateStream));

/** The argument that names a task. */
export const taskArgument = (name = '<task>', about = 'the MigrationTaskName'): Argument =>
  new Argument(name, about).argParser(textOf(IDENTITY_FIELDS.migrationTaskName));

/** A label, as its name and value. */
export type Label = [name: string, value: string];

/** The option `--label name=value`, which may be given several times. */
export const labelOption = (about: string): Option =>
  new Option('--label <name=value>', `${about}; may be given several times`).argParser(
    (text: string, before: Label[] = []): Label[] => {
      const at = text.indexOf('=');
      if (at < 1) throw new InvalidArgumentError('It must be NAME=VALUE, such as wave=wave-7.');
      return [...before, [text.slice(0, at), text.slice(at + 1)]];
    },
  );

/** What a filter takes: of two values for one name either counts. */
export function valuesByName(labels: Label[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of labels) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

/** `--allow-host`, of whatever serves the board. */
export const allowHostOption = (): Option =>
  new Option('--allow-host <name>', 'another host name of the board; may be given several times').argParser<string[]>(
    (name, before = []) => [...before, name],
  );
