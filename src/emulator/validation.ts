import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { invalidInput } from './errors';
import { inputSchemas } from './generated/schemas';

const ajv = new Ajv({ strict: false });
const compiled = new Map<string, ValidateFunction>();

/** Whether one of the two models has the operation. */
export function isModelled(service: string, operation: string): boolean {
  const operations = Object.hasOwn(inputSchemas, service) ? inputSchemas[service] : undefined;
  return operations !== undefined && Object.hasOwn(operations, operation);
}

/** A sentence that names the member, e.g. `Task.Status must be one of NOT_STARTED, …`. */
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

/** Checks an input against the model; throws InvalidInputException for the first member that breaks it. */
export function validateInput(service: string, operation: string, input: unknown): void {
  const key = `${service}.${operation}`;
  let validate = compiled.get(key);
  if (!validate) {
    validate = ajv.compile(inputSchemas[service]?.[operation] ?? {});
    compiled.set(key, validate);
  }
  if (!validate(input)) throw invalidInput(`${describeViolation(validate.errors?.[0], 'The input')}.`);
}
