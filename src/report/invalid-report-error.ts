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
    super(`${field} is ${shorten(value)}, but ${rule}`);
  }
}

function shorten(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint' || value === undefined) return String(value);
  const text =
    typeof value === 'string' ? JSON.stringify(value.slice(0, 200)) : (JSON.stringify(value) ?? typeof value);
  const points = [...text];
  return points.length > SHOWN_VALUE_LENGTH ? `${points.slice(0, SHOWN_VALUE_LENGTH).join('')}…` : text;
}
