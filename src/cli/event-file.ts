import { CliError } from './cli-error';

/**
 * The events of a text: one JSON value, a list of them, or one a line. `from`: where the text is from.
 * @throws CliError for what is no JSON, and where there is none
 */
export function eventsIn(text: string, from: string): unknown[] {
  const json = text.replace(/^\ufeff/, '');
  const lines = json.split('\n').map((line) => line.trim());
  const filled = lines.filter(Boolean);
  if (filled.length === 0) throw new CliError(`${from} has no event: give EventBridge events as JSON`);
  // A value of several lines begins or ends with one that is no value by itself.
  if (filled.length > 1 && [filled[0], filled.at(-1)].every(isJson))
    return lines.flatMap((line, i) => valueOf(line, i, from));
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [value];
  } catch (error) {
    throw new CliError(`${from} is no JSON: ${(error as Error).message}: nothing is reported`);
  }
}

function isJson(line: string | undefined): boolean {
  try {
    JSON.parse(line ?? '');
    return true;
  } catch {
    return false;
  }
}

function valueOf(line: string, index: number, from: string): unknown[] {
  if (line === '') return [];
  try {
    return [JSON.parse(line)];
  } catch (error) {
    throw new CliError(`${from}:${index + 1} is no JSON: ${(error as Error).message}: nothing is reported`);
  }
}
