import { DOCUMENTED_TYPES } from './documented-types';

/** One HTTP answer out of what a connection sent back. */
interface Answer {
  status: number;
  body: string;
}

const HEAD_END = '\r\n\r\n';

function unchunked(text: string): { body: string; rest: string } {
  let body = '';
  let rest = text;
  for (;;) {
    const end = rest.indexOf('\r\n');
    const size = parseInt(rest.slice(0, end), 16);
    if (end < 0 || Number.isNaN(size)) throw new Error('a chunk without a size');
    const chunk = rest.slice(end + 2, end + 2 + size);
    if (chunk.length < size) throw new Error('a chunk that is cut off');
    rest = rest.slice(end + 2 + size + 2);
    if (size === 0) return { body, rest };
    body += chunk;
  }
}

/** Takes the answers out of the bytes (as latin1 text); throws for what is no whole HTTP answer. */
function parse(text: string, isHead: boolean): Answer[] {
  const answers: Answer[] = [];
  let rest = text;
  while (rest !== '') {
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(rest)?.[1]);
    const end = rest.indexOf(HEAD_END);
    if (Number.isNaN(status) || end < 0) throw new Error(`no HTTP answer: ${rest.slice(0, 60)}`);
    const head = rest.slice(0, end).toLowerCase();
    rest = rest.slice(end + HEAD_END.length);
    if (status === 100) continue;
    if (isHead) return [...answers, { status, body: '' }];
    if (head.includes('transfer-encoding: chunked')) {
      const { body, rest: next } = unchunked(rest);
      rest = next;
      answers.push({ status, body });
      continue;
    }
    const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
    if (rest.length < length) throw new Error('an answer that is cut off');
    answers.push({ status, body: rest.slice(0, length) });
    rest = rest.slice(length);
  }
  return answers;
}

function complaintAbout({ status, body }: Answer): string | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(body, 'latin1').toString());
  } catch {
    return `${status} with a body that is not JSON: ${body.slice(0, 80)}`;
  }
  if (status === 200) return undefined;
  const { __type: type } = (answer ?? {}) as { __type?: unknown };
  if (typeof type === 'string' && DOCUMENTED_TYPES.has(type)) return undefined;
  return `${status} without a documented __type: ${body.slice(0, 120)}`;
}

/**
 * What is wrong with the bytes that came back: every answer must be JSON, every error of a documented name. Nothing at
 * all is right: the connection was closed.
 * @param isHead the request was a HEAD, whose answer has no body
 */
export function complaint(received: Buffer, isHead: boolean): string | undefined {
  try {
    const answers = parse(received.toString('latin1'), isHead);
    return isHead ? undefined : answers.map(complaintAbout).find(Boolean);
  } catch (error) {
    return (error as Error).message;
  }
}
