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
