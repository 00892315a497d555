import { Ajv, type ValidateFunction } from 'ajv';
import { invalidInput, MigrationHubError } from '../hub/errors';
import type { ModelledOperation } from '../generated/schemas';
import type { Switches } from '../hub/switches';
import { describeViolation } from '../settings/violation';

type Schema = Record<string, unknown>;
/** The switches that change what is valid. */
export type SchemaSwitches = Pick<Switches, 'nextUpdateSecondsAboveInt32' | 'multiLineStatusDetail' | 'unknownMembers'>;

const ajv = new Ajv({ strict: false });
/** Compiled validators by schema and variant; all emulators of the process share them. */
const compiled = new Map<object, Map<string, ValidateFunction>>();

/** The validator of a schema with `change` applied; `way` names the variant. */
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

/** A copy of a schema with `change` applied to every schema in it; `change` gets the name of the member. */
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

/**
 * The validator of an input or output, with the exceptions that the switches make. They are the same for both: what a
 * call may set, others return.
 * @param isClosed whether members that the model does not know are refused
 */
function validatorBy(switches: SchemaSwitches, schema: object, isClosed: boolean): ValidateFunction {
  const { nextUpdateSecondsAboveInt32, multiLineStatusDetail } = switches;
  const way = `${nextUpdateSecondsAboveInt32} ${multiLineStatusDetail} ${isClosed}`;
  return validatorOf(schema, way, (each, member) => {
    const wide = member === 'NextUpdateSeconds' && nextUpdateSecondsAboveInt32 === 'accept';
    const long = member === 'StatusDetail' && multiLineStatusDetail === 'accept';
    const closed = isClosed && each.type === 'object';
    return {
      ...each,
      ...(wide && { maximum: Number.MAX_VALUE }),
      ...(long && { pattern: '' }),
      ...(closed && { additionalProperties: false }),
    };
  });
}

/**
 * Checks an input against the model, with the exceptions that the switches make.
 * @throws MigrationHubError InvalidInputException that names the first member that is not valid
 */
export function validateInput({ input: schema }: ModelledOperation, input: unknown, switches: SchemaSwitches): void {
  const validate = validatorBy(switches, schema, switches.unknownMembers === 'reject');
  if (!validate(input)) throw invalidInput(`${describeViolation(validate.errors?.[0], 'The input')}.`);
}

/**
 * Checks an output against the model, with the same exceptions. An output that is not valid is a defect of the emulator.
 * @throws MigrationHubError InternalServerError
 */
export function validateOutput({ output: schema }: ModelledOperation, output: object, switches: SchemaSwitches): void {
  const validate = validatorBy(switches, schema, true);
  if (validate(output)) return;
  const what = describeViolation(validate.errors?.[0], 'The output');
  throw new MigrationHubError(
    'InternalServerError',
    `The emulator made an output that is not valid by the model: ${what}.`,
    500,
  );
}
