import { invalidInput, MigrationHubError } from '../hub/errors';
import type { Switches } from '../hub/switches';

/** The paging members of an input. */
export interface Paged {
  /** The token of the page before; absent or empty for the first page. */
  NextToken?: string;
  /** How many items the page may have. */
  MaxResults?: number;
}

/** One page of a list. */
export interface Page<T> {
  /** The items. */
  items: T[];
  /** The token of the next page; absent on the last one. */
  NextToken?: string;
}

/** Settings of a list. */
export interface PageOptions {
  /**
   * The page size when the input has no `MaxResults`.
   * @default 100
   */
  most?: number;
  /**
   * Whether `seq` falls from item to item.
   * @default false
   */
  descending?: boolean;
}

const encode = (list: string, seq: number) => Buffer.from(`${list}:${seq}`).toString('base64');

function decode(list: string, token: string, error: Switches['foreignToken']): number {
  const seq = Number(/^([a-z]+):(\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[2]);
  if (encode(list, seq) === token) return seq;
  const message = 'NextToken is not one that this list has given out.';
  throw error === 'InvalidToken' ? new MigrationHubError(error, message) : invalidInput(message);
}

/**
 * One page of a list. A token holds the `seq` of the last item, so it stays valid when items are added or removed. An
 * empty `NextToken` starts at the beginning, as in the samples of the API reference.
 * @param list the name of the list; its tokens are not valid for another list
 * @throws MigrationHubError for a token that this list did not return: by switch InvalidInputException or InvalidToken
 */
export function page<T extends { seq: number }>(
  list: string,
  items: T[],
  { NextToken, MaxResults }: Paged,
  { foreignToken }: Pick<Switches, 'foreignToken'>,
  { most = 100, descending = false }: PageOptions = {},
): Page<T> {
  const after = NextToken ? decode(list, NextToken, foreignToken) : undefined;
  const isAfter = ({ seq }: T) => after === undefined || (descending ? seq < after : seq > after);
  const rest = items.filter(isAfter);
  const taken = rest.slice(0, MaxResults ?? most);
  const last = taken.at(-1);
  return rest.length > taken.length && last ? { items: taken, NextToken: encode(list, last.seq) } : { items: taken };
}
