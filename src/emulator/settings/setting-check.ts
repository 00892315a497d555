import { Ajv, type ErrorObject } from 'ajv';
import { SettingError } from './setting-error';
import { describeViolation } from '../calls/validation';

const ajv = new Ajv({ discriminator: true, strict: false, verbose: true });

/** A schema of an object that takes the given properties and no others. */
export const closedObject = (properties: Record<string, object>, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** The values that a discriminating `type` may have. */
function knownTypes({ parentSchema }: ErrorObject): string {
  const branches = (parentSchema?.oneOf ?? []) as { properties: { type: { const: string } } }[];
  return branches.map(({ properties }) => properties.type.const).join(', ');
}

const knownFields = ({ parentSchema }: ErrorObject) =>
  Object.keys((parentSchema?.properties ?? {}) as object).join(', ');

/** What the schema says about the value, such as its unit. */
function hint(error: ErrorObject | undefined): string {
  const description: unknown = error?.parentSchema?.description;
  return typeof description === 'string' ? ` (${description})` : '';
}

function sentence(error: ErrorObject | undefined, root: string): string {
  const field = error?.instancePath.slice(1).replaceAll('/', '.') || root;
  switch (error?.keyword) {
    case 'discriminator':
      return `${field === root ? '' : `${field}.`}type must be one of ${knownTypes(error)}`;
    case 'additionalProperties':
      return `${describeViolation(error, root)}: use ${knownFields(error)}`;
    case 'minProperties':
    case 'maxProperties':
      return `${field} must have exactly one of ${knownFields(error)}`;
    case 'const':
      return `${field} must be ${JSON.stringify((error.params as { allowedValue: unknown }).allowedValue)}`;
    default:
      return describeViolation(error, root) + hint(error);
  }
}

/**
 * Makes a check out of a schema: it answers the value, or throws a SettingError for the first field that is wrong.
 * @param root how an error calls the value as a whole
 */
export function settingCheck<T>(
  schema: object,
  root: string,
  Failure: new (message: string) => SettingError = SettingError,
): (value: unknown) => T {
  const validate = ajv.compile<T>(schema);
  return (value) => {
    if (validate(value)) return value;
    throw new Failure(sentence(validate.errors?.[0], root));
  };
}
