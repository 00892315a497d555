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
  const isNumber = typeof value === 'number' && (whole ? Number.isInteger(value) : true);
  if (!isNumber || !(value >= min && value <= max))
    throw new ConfigurationError(
      `${setting} is ${String(value)}, but it must be ${whole ? 'an integer' : 'a number'} from ${min} to ${max}`,
    );
}
