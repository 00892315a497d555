import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

type Traits = Record<string, unknown>;
interface Shape {
  type: string;
  members?: Record<string, { target: string; traits?: Traits }>;
  member?: { target: string };
  input?: { target: string };
  output?: { target: string };
  errors?: { target: string }[];
  operations?: { target: string }[];
  traits?: Traits;
}
type Shapes = Record<string, Shape>;
type JsonSchema = Record<string, unknown>;

/** Where the Smithy models live: `shared/models`, beside the repository. */
export const MODELS_DIRECTORY = resolve(__dirname, '../../../../shared/models');

/** The models read, in the order in which they are written. */
export const MODEL_FILES = ['migration-hub-2017-05-31.smithy.json', 'migrationhub-config-2019-06-30.smithy.json'];

const local = (id: string) => id.slice(id.indexOf('#') + 1);

function shapeOf(shapes: Shapes, id: string): Shape {
  const shape = shapes[id];
  if (shape) return shape;
  if (id === 'smithy.api#Unit') return { type: 'structure' };
  throw new Error(`The model refers to ${id} but does not define it.`);
}

/** The models' patterns use octal and identity escapes that JavaScript's `u` flag refuses; with it `.` counts code points, as `length` does. */
function toUnicodePattern(pattern: string): string {
  const rewritten = pattern
    .replace(/\\([0-7]{3})/g, (_all, octal: string) => `\\x${parseInt(octal, 8).toString(16).padStart(2, '0')}`)
    .replace(/\\([=:#@%&"'<>,;!~` ])/g, (_all, char: string) => char);
  new RegExp(rewritten, 'u'); // throws for what it does not know to rewrite
  return rewritten;
}

function bounds(traits: Traits, trait: string, min: string, max: string): JsonSchema {
  const given = traits[trait] as { min?: number; max?: number } | undefined;
  return {
    ...(given?.min !== undefined && { [min]: given.min }),
    ...(given?.max !== undefined && { [max]: given.max }),
  };
}

function toJsonSchema(shapes: Shapes, id: string): JsonSchema {
  const shape = shapeOf(shapes, id);
  const traits = shape.traits ?? {};
  const pattern = traits['smithy.api#pattern'];
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members ?? {});
      const required = members.filter(([, m]) => m.traits?.['smithy.api#required']).map(([name]) => name);
      const properties = members.map(([name, m]) => [name, toJsonSchema(shapes, m.target)] as const);
      return { type: 'object', required, properties: Object.fromEntries(properties) };
    }
    case 'list': {
      const items = toJsonSchema(shapes, shape.member?.target ?? '');
      return { type: 'array', ...bounds(traits, 'smithy.api#length', 'minItems', 'maxItems'), items };
    }
    case 'string': {
      const length = bounds(traits, 'smithy.api#length', 'minLength', 'maxLength');
      return { type: 'string', ...length, ...(typeof pattern === 'string' && { pattern: toUnicodePattern(pattern) }) };
    }
    case 'enum': {
      const values = Object.values(shape.members ?? {}).map((m) => m.traits?.['smithy.api#enumValue']);
      return { type: 'string', enum: values };
    }
    case 'integer': // 32 bits in Smithy, whatever the range says
      return {
        type: 'integer',
        minimum: -2147483648,
        maximum: 2147483647,
        ...bounds(traits, 'smithy.api#range', 'minimum', 'maximum'),
      };
    case 'timestamp': // awsJson1_1: epoch seconds, a fraction is allowed; the years 1 to 9999, which every client can read
      return { type: 'number', minimum: -62135596800, maximum: 253402300799 };
    case 'boolean':
      return { type: 'boolean' };
    default:
      throw new Error(`${id} is a Smithy ${shape.type}, which the generator does not know.`);
  }
}

/** Input and output of an operation as JSON Schemas, and the names of its errors. */
function operationOf(shapes: Shapes, id: string): JsonSchema {
  const { input, output, errors = [] } = shapeOf(shapes, id);
  const schema = (shape: { target: string } | undefined) => toJsonSchema(shapes, shape?.target ?? 'smithy.api#Unit');
  return { input: schema(input), output: schema(output), errors: errors.map(({ target }) => local(target)).sort() };
}

function modelOf(shapes: Shapes): [service: string, operations: Record<string, JsonSchema>][] {
  return Object.entries(shapes)
    .filter(([, shape]) => shape.type === 'service')
    .map(([id, service]) => {
      const operations = (service.operations ?? []).map(({ target }) => target).sort();
      return [local(id), Object.fromEntries(operations.map((op) => [local(op), operationOf(shapes, op)]))];
    });
}

/**
 * The text of `generated/schemas.ts`, made from the Smithy models.
 * @param directory where the models are; default {@link MODELS_DIRECTORY}
 */
export function generateSchemasSource(directory: string = MODELS_DIRECTORY): string {
  const schemas = Object.fromEntries(
    MODEL_FILES.flatMap((name) => {
      const file = join(directory, name);
      if (!existsSync(file)) throw new Error(`The Smithy model ${file} is missing: it must be there to generate from.`);
      return modelOf((JSON.parse(readFileSync(file, 'utf8')) as { shapes: Shapes }).shapes);
    }),
  );
  return [
    '// Generated by `npm run generate`. Do not edit.',
    `// From the AWS Smithy models ${MODEL_FILES.join(' and ')} (Apache-2.0).`,
    '',
    '/** An operation of the model: JSON Schemas of its input and output, the names of its errors. */',
    'export interface ModelledOperation {',
    '  input: object;',
    '  output: object;',
    '  errors: string[];',
    '}',
    '',
    '/** The models: service (the prefix in X-Amz-Target), then operation. */',
    `export const model: Record<string, Record<string, ModelledOperation>> = ${JSON.stringify(schemas, null, 2)};`,
    '',
  ].join('\n');
}
