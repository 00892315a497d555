import { invalidInput } from './errors';

const encode = (list: string, seq: number) => Buffer.from(`${list}:${seq}`).toString('base64');

function decode(list: string, token: string): number {
  const seq = Number(/^([a-z]+):(\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[2]);
  if (encode(list, seq) !== token) throw invalidInput('NextToken is not one that this list has given out.');
  return seq;
}

/** One page of a list whose items carry a rising `seq`, so that a token stays right while items come and go. */
export function page<T extends { seq: number }>(
  list: string,
  items: T[],
  /** `MaxResults` default 100; an empty `NextToken` starts at the beginning, as the AWS samples do. */
  { NextToken, MaxResults = 100 }: { NextToken?: string; MaxResults?: number },
): { items: T[]; NextToken?: string } {
  const after = NextToken ? decode(list, NextToken) : 0;
  const rest = items.filter(({ seq }) => seq > after);
  const taken = rest.slice(0, MaxResults);
  const last = taken.at(-1);
  return rest.length > taken.length && last ? { items: taken, NextToken: encode(list, last.seq) } : { items: taken };
}
