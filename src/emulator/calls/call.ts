import { isTooDeep } from './json-depth';

/** A request of the protocol awsJson1_1. Nothing of it is checked yet. */
export interface Call {
  /** The service in X-Amz-Target; empty without that header. */
  service: string;
  /** The operation in X-Amz-Target, known or not; null without that header. */
  operation: string | null;
  /** The stream that the input names, if it is a string. */
  progressUpdateStream: string | null;
  /** The task that the input names, if it is a string. */
  migrationTaskName: string | null;
  /** The Content-Type header; empty without one. */
  contentType: string;
  /** The body without null members, which Smithy treats as absent; undefined when it is not a JSON object. */
  input: Record<string, unknown> | undefined;
  /** Why `input` is undefined, when there is more to it than not being a JSON object. */
  problem?: string;
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const absentIfNull = (_key: string, value: unknown) => (value === null ? undefined : value);

function parse(raw: string): Pick<Call, 'input' | 'problem'> {
  if (isTooDeep(raw)) return { input: undefined, problem: 'The body is nested more than 100 levels deep.' };
  try {
    const body: unknown = raw === '' ? {} : JSON.parse(raw);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return { input: undefined };
    const withoutNulls: unknown = raw.includes('null') ? JSON.parse(raw, absentIfNull) : body;
    return { input: withoutNulls as Record<string, unknown> };
  } catch {
    return { input: undefined };
  }
}

/**
 * Reads a request. It never throws, so that the journal has every request.
 * @param target the X-Amz-Target header
 * @param contentType the Content-Type header
 * @param raw the body as sent
 */
export function readCall(target: string | undefined, contentType: string | undefined, raw: string): Call {
  const [service = '', ...rest] = (target ?? '').split('.');
  const { input, problem } = parse(raw);
  return {
    service,
    operation: target === undefined ? null : rest.join('.') || target,
    progressUpdateStream: text(input?.ProgressUpdateStream ?? input?.ProgressUpdateStreamName),
    migrationTaskName: text(input?.MigrationTaskName),
    contentType: contentType ?? '',
    input,
    problem,
  };
}
