import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { invalidInput, MigrationHubError } from '../hub/errors';
import type { ModelledOperation } from '../generated/schemas';
import type { Switches } from '../hub/switches';

type Schema = Record<string, unknown>;
type InputSwitches = Pick<Switches, 'nextUpdateSecondsAboveInt32' | 'multiLineStatusDetail' | 'unknownMembers'>;

const ajv = new Ajv({ strict: false });
/** Compiled once per schema and way of looking at it, however many emulators there are. */
const compiled = new Map<object, Map<string, ValidateFunction>>();

function validatorOf(
  schema: object,
  way: string,
  change: (schema: Schema, member?: string) => Schema,
): ValidateFunction {
  const ways = compiled.get(schema) ?? new Map<string, ValidateFunction>();
  compiled.set(schema, ways);
  let validate = ways.get(way);
  if (!validate) ways.set(way, (validate = ajv.compile(changed(schema as Schema, change))));
  return validate;
}

/** A copy with `change` applied to every schema in it; it is told the member's name. */
function changed(schema: Schema, change: (schema: Schema, member?: string) => Schema, member?: string): Schema {
  const copy = { ...schema };
  if (schema.properties)
    copy.properties = Object.fromEntries(
      Object.entries(schema.properties as Record<string, Schema>).map(([name, each]) => [
        name,
        changed(each, change, name),
      ]),
    );
  if (schema.items) copy.items = changed(schema.items as Schema, change);
  return change(copy, member);
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

const closed = (schema: Schema): Schema =>
  schema.type === 'object' ? { ...schema, additionalProperties: false } : schema;

/** Checks an input against the model, as far as the switches do; throws InvalidInputException for the first member that breaks it. */
export function validateInput({ input: schema }: ModelledOperation, input: unknown, switches: InputSwitches): void {
  const { nextUpdateSecondsAboveInt32, multiLineStatusDetail, unknownMembers } = switches;
  const way = `input ${nextUpdateSecondsAboveInt32} ${multiLineStatusDetail} ${unknownMembers}`;
  const validate = validatorOf(schema, way, (each, member) => {
    const wide = member === 'NextUpdateSeconds' && nextUpdateSecondsAboveInt32 === 'accept';
    const long = member === 'StatusDetail' && multiLineStatusDetail === 'accept';
    const open = { ...each, ...(wide && { maximum: Number.MAX_VALUE }), ...(long && { pattern: '' }) };
    return unknownMembers === 'reject' ? closed(open) : open;
  });
  if (!validate(input)) throw invalidInput(`${describeViolation(validate.errors?.[0], 'The input')}.`);
}

/** An answer that the model does not know is a fault of the emulator, and no client may see it as a success. */
export function validateOutput({ output: schema }: ModelledOperation, output: object): void {
  const validate = validatorOf(schema, 'output', closed);
  if (validate(output)) return;
  const what = describeViolation(validate.errors?.[0], 'The output');
  throw new MigrationHubError(
    'InternalServerError',
    `The emulator made an output that the model refuses: ${what}.`,
    500,
  );
}
