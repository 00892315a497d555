import { Ajv, type ErrorObject } from 'ajv';
import { meant } from '../../report/meant';
import { SettingError } from './setting-error';
import { describeViolation } from './violation';

const ajv = new Ajv({ discriminator: true, strict: false, verbose: true });

/**
 * The JSON Schema of an object that may have the given properties and no others.
 * @param properties the schema of each property
 * @param required the properties that must be there
 * @default required []
 */
export const closedObject = (properties: Record<string, object>, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** The values that the discriminator `type` may have. */
function knownTypes({ parentSchema }: ErrorObject): string {
  const branches = (parentSchema?.oneOf ?? []) as { properties: { type: { const: string } } }[];
  return branches.map(({ properties }) => properties.type.const).join(', ');
}

const knownFields = ({ parentSchema }: ErrorObject) => Object.keys((parentSchema?.properties ?? {}) as object);

function mendOf(error: ErrorObject): string {
  const known = knownFields(error);
  const guess = meant((error.params as { additionalProperty: string }).additionalProperty, known);
  return guess ? `did you mean ${guess}?` : `use ${known.join(', ')}`;
}

/** The description in the schema, such as a unit. */
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
      return `${describeViolation(error, root)}: ${mendOf(error)}`;
    case 'minProperties':
    case 'maxProperties':
      return `${field} must have exactly one of ${knownFields(error).join(', ')}`;
    case 'const':
      return `${field} must be ${JSON.stringify((error.params as { allowedValue: unknown }).allowedValue)}`;
    default:
      return describeViolation(error, root) + hint(error);
  }
}

/**
 * Compiles a JSON Schema to a check. The check returns the value when it is valid.
 * @param schema JSON Schema; `oneOf` with a discriminator `type` is supported
 * @param root the name of the whole value in error messages
 * @param Failure the error class that the check throws; its message names the first field that is not valid
 * @default Failure SettingError
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
