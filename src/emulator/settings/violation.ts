import type { ErrorObject } from 'ajv';

/**
 * A schema violation as a sentence without a full stop that names the member, e.g.
 * `Task.Status must be one of NOT_STARTED, IN_PROGRESS`.
 * @param error the first error of an Ajv validation
 * @param root the name of the whole value, for a violation that is not in a member
 */
export function describeViolation(error: ErrorObject | undefined, root: string): string {
  if (!error) return `${root} is not valid`;
  const path = error.instancePath.split('/').slice(1);
  const params = error.params as Record<string, unknown>;
  const name = (extra?: unknown) => [...path, ...(extra === undefined ? [] : [String(extra)])].join('.') || root;
  switch (error.keyword) {
    case 'required':
      return `${name(params.missingProperty)} is required`;
    case 'additionalProperties':
      return `${name(params.additionalProperty)} is not known`;
    case 'enum':
      return `${name()} must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
    default:
      return `${name()} ${error.message ?? 'is not valid'}`;
  }
}
