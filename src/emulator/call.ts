import { MigrationHubError, dryRun, serialization, unknownOperation } from './errors';
import { operations, type Context } from './operations';
import { isModelled, validateInput } from './validation';

const MEDIA_TYPE = 'application/x-amz-json-1.1';

/** One awsJson1_1 request, read but not yet judged. */
export interface Call {
  service: string;
  operation: string | null;
  progressUpdateStream: string | null;
  migrationTaskName: string | null;
  contentType: string;
  /** The parsed body, or the raw text when it is not JSON. */
  body: unknown;
  /** The body without nulls (Smithy: as if absent); undefined when it is not a JSON object. */
  input: Record<string, unknown> | undefined;
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const absentIfNull = (_key: string, value: unknown) => (value === null ? undefined : value);

function parse(raw: string): Pick<Call, 'body' | 'input'> {
  try {
    const body: unknown = raw === '' ? {} : JSON.parse(raw);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return { body, input: undefined };
    const withoutNulls: unknown = raw.includes('null') ? JSON.parse(raw, absentIfNull) : body;
    return { body, input: withoutNulls as Record<string, unknown> };
  } catch {
    return { body: raw, input: undefined };
  }
}

/** Reads a request; never throws, so that even nonsense reaches the journal. */
export function readCall(target: string | undefined, contentType: string | undefined, raw: string): Call {
  const [service = '', ...rest] = (target ?? '').split('.');
  const { body, input } = parse(raw);
  return {
    service,
    operation: target === undefined ? null : rest.join('.') || target,
    progressUpdateStream: text(input?.ProgressUpdateStream ?? input?.ProgressUpdateStreamName),
    migrationTaskName: text(input?.MigrationTaskName),
    contentType: contentType ?? '',
    body,
    input,
  };
}

/** Judges and carries out a call. Order: content type, operation, JSON, model, dry run, then the work itself. */
export function perform(context: Context, call: Call): object {
  const { service, operation, contentType, input } = call;
  if (contentType.split(';')[0]?.trim().toLowerCase() !== MEDIA_TYPE) {
    const got = contentType === '' ? 'none' : contentType;
    throw new MigrationHubError(
      'UnsupportedMediaTypeException',
      `The content type must be ${MEDIA_TYPE}, not ${got}.`,
      415,
    );
  }
  if (operation === null) throw unknownOperation('The X-Amz-Target header is missing.');
  if (!isModelled(service, operation)) throw unknownOperation(`${service}.${operation} is not a known operation.`);
  const work = operations[service]?.[operation];
  if (!work) throw unknownOperation(`${operation} is not yet emulated.`);
  if (!input) throw serialization('The body is not a JSON object.');
  validateInput(service, operation, input);
  if (input.DryRun === true) throw dryRun();
  return work(context, input as never);
}
