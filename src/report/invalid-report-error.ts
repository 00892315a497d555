import { SHOWN_VALUE_LENGTH } from './limits';

/** A report breaks a constraint. Thrown in the caller, before any signal or request. */
export class InvalidReportError extends Error {
  override readonly name = 'InvalidReport';
  constructor(
    /** The field at fault, as spelled in the report. */
    readonly field: string,
    value: unknown,
    /** What the field must be. */
    readonly rule: string,
  ) {
    super(refusalOf(field, value, rule));
  }
}

/** "field is value, but rule", with the value made short. */
export const refusalOf = (field: string, value: unknown, rule: string): string =>
  `${field} is ${shorten(value)}, but ${rule}`;

function shorten(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint' || value === undefined) return String(value);
  const text = toJson(typeof value === 'string' ? value.slice(0, 200) : value);
  const points = [...text];
  return points.length > SHOWN_VALUE_LENGTH ? `${points.slice(0, SHOWN_VALUE_LENGTH).join('')}…` : text;
}

/** Bytes, and what JSON cannot hold, such as a bigint or a circle, are shown by their type. */
function toJson(value: unknown): string {
  if (ArrayBuffer.isView(value)) return 'bytes';
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}
