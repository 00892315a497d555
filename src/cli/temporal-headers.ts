import { lineBreakIn } from '../report/line-break';
import { CliError } from './cli-error';
import type { Given } from './temporal-options';

/** Of the variables that stand for a header. */
export const HEADER_VARIABLE = 'TEMPORAL_GRPC_META_';

/** With a hyphen for each underscore, as the `temporal` command has it; the loader of the SDK takes the first only. */
const nameOf = (text: string): string => text.toLowerCase().replaceAll('_', '-');

/**
 * A header of gRPC has printable ASCII characters only. The SDK's error would show what it has, which may be a secret.
 * @throws CliError naming the setting
 */
export function checkHeaderValue({ value, from }: Given): void {
  if (/^[ -~]*$/.test(value)) return;
  throw new CliError(lineBreakIn(from, value) ?? `${from} has a character that is not printable ASCII: correct it`);
}

/**
 * The headers of each call: those of the profile, then those of variables, of which one that is set to nothing takes a header away.
 * `inProfile`: where the former came from. @throws CliError for what no header can be
 */
export function headersOf(
  ofProfile: Record<string, string> = {},
  inProfile: string,
): Record<string, string> | undefined {
  const headers = new Map<string, Given>();
  for (const [name, value] of Object.entries(ofProfile))
    headers.set(nameOf(name), { value: String(value), from: `${inProfile}: grpc_meta ${JSON.stringify(name)}` });
  for (const [variable, value = ''] of Object.entries(process.env)) {
    if (!variable.startsWith(HEADER_VARIABLE)) continue;
    const name = nameOf(variable.slice(HEADER_VARIABLE.length));
    if (value === '') headers.delete(name);
    else headers.set(name, { value, from: variable });
  }
  for (const [name, given] of headers) {
    if (!/^[a-z0-9.-]+$/.test(name)) throw new CliError(`${given.from} is no name of a gRPC header: correct it`);
    checkHeaderValue(given);
  }
  return headers.size === 0 ? undefined : Object.fromEntries([...headers].map(([name, { value }]) => [name, value]));
}
