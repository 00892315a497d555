import { checkNumber, ConfigurationError } from '../../report/configuration-error';

/** Makes a value of the text of a setting. `from`: the flag or variable, for errors. @throws ConfigurationError */
export type Reader<T> = (text: string, from: string) => T;

/** A text that is not empty. `what`: what it must do. */
export const text =
  (what: string): Reader<string> =>
  (given, from) => {
    if (given.trim() === '') throw new ConfigurationError(`${from} is empty, but it must ${what}`);
    return given;
  };

/** The same, which a check of its own refuses. */
export const checked =
  (what: string, check: (from: string, given: string) => void): Reader<string> =>
  (given, from) => {
    text(what)(given, from);
    check(from, given);
    return given;
  };

/** A number of a range, in decimals. */
export const number =
  (range: { min: number; max: number; whole?: boolean }): Reader<number> =>
  (given, from) => {
    const value = /^-?\d+(\.\d+)?$/.test(given) ? Number(given) : given;
    checkNumber(from, value, range);
    return value as number;
  };

/** 0, for never, or what another reader takes. */
export const zeroOr =
  (read: Reader<number>): Reader<number> =>
  (given, from) =>
    given === '0' ? 0 : read(given, from);

/** A switch: a flag without value means true. */
export const onOff: Reader<boolean> = (given, from) => {
  if (given !== 'true' && given !== 'false')
    throw new ConfigurationError(`${from} is "${given}", but it must be true or false`);
  return given === 'true';
};

/** One of some words. */
export const oneOf =
  (words: string[]): Reader<string> =>
  (given, from) => {
    if (!words.includes(given))
      throw new ConfigurationError(`${from} is ${given}, but it must be one of ${words.join(', ')}`);
    return given;
  };
