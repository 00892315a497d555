import { invalidInput, MigrationHubError } from '../hub/errors';
import type { Switches } from '../hub/switches';

const encode = (list: string, seq: number) => Buffer.from(`${list}:${seq}`).toString('base64');

function decode(list: string, token: string, error: Switches['foreignToken']): number {
  const seq = Number(/^([a-z]+):(\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[2]);
  if (encode(list, seq) === token) return seq;
  const message = 'NextToken is not one that this list has given out.';
  throw error === 'InvalidToken' ? new MigrationHubError(error, message) : invalidInput(message);
}

export interface Paged {
  NextToken?: string;
  MaxResults?: number;
}

/**
 * One page of a list whose items carry a `seq` that rises (or falls, where `descending`), so that a token stays right while
 * items come and go. `MaxResults` default: `most`; an empty `NextToken` starts at the beginning, as the AWS samples do.
 */
export function page<T extends { seq: number }>(
  list: string,
  items: T[],
  { NextToken, MaxResults }: Paged,
  { foreignToken }: Pick<Switches, 'foreignToken'>,
  { most = 100, descending = false } = {},
): { items: T[]; NextToken?: string } {
  const after = NextToken ? decode(list, NextToken, foreignToken) : undefined;
  const isAfter = ({ seq }: T) => after === undefined || (descending ? seq < after : seq > after);
  const rest = items.filter(isAfter);
  const taken = rest.slice(0, MaxResults ?? most);
  const last = taken.at(-1);
  return rest.length > taken.length && last ? { items: taken, NextToken: encode(list, last.seq) } : { items: taken };
}
