import fc from 'fast-check';
import { OPERATIONS, type Operation, type Schema } from './input-schemas';

/** An input for an operation, good or bad. */
export interface Sample {
  service: string;
  operation: string;
  input: Record<string, unknown>;
}

const CHARACTERS = [
  ...['a', 'Z', '0', ' ', '-', '/', ':', '|', '=', '+', '.', '"', '\\', 'é', '\u007f', '\u0085', '\ufeff', '😀'],
  ...['\u0000', '\u001f', '\n', '\r', '\t', '\u2028', '\u2029', '\ud800', '\udc00'],
];
const NUMBERS = [0, -0, 1, -1, 0.5, 1.5, 1e-9, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53, 2 ** 63, 1e21, 1e300];

/** Around a limit: just inside, at, and just outside. */
const around = (limit: number | undefined, least = 0) =>
  limit === undefined ? [] : [limit - 1, limit, limit + 1].filter((each) => each >= least);

const wrongType: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, '', '1', 'true', [], {}, [null], 0, 1, 1.5),
  fc.jsonValue({ maxDepth: 3 }),
);

function textOf({ pattern, minLength, maxLength }: Schema): fc.Arbitrary<string> {
  const lengths = [...around(minLength), ...around(maxLength)];
  const character = fc.constantFrom(...CHARACTERS);
  const fitting = pattern === undefined ? fc.string({ unit: 'binary' }) : fc.stringMatching(new RegExp(pattern, 'u'));
  const long = fc
    .tuple(
      fc.constantFrom('', 'arn:aws:s3:::', 'hrc-'),
      fc.constantFrom(...lengths, 12),
      fc.constantFrom('a', '0', '😀'),
    )
    .map(([start, length, char]) => start + char.repeat(Math.max(0, length - start.length)));
  const spoilt = fc
    .tuple(fitting, character, fc.nat())
    .map(([text, char, at]) => text.slice(0, at % (text.length + 1)) + char + text.slice(at % (text.length + 1)));
  return fc.oneof(
    { weight: 6, arbitrary: fitting },
    { weight: 3, arbitrary: long },
    { weight: 2, arbitrary: spoilt },
    { weight: 1, arbitrary: fc.array(character, { maxLength: 12 }).map((all) => all.join('')) },
  );
}

function enumOf(values: string[]): fc.Arbitrary<string> {
  const value = fc.constantFrom(...values);
  const wrong = value.chain((each) => fc.constantFrom(each.toLowerCase(), `${each} `, `${each}S`, ''));
  return fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: wrong });
}

function numberOf({ minimum, maximum }: Schema): fc.Arbitrary<number> {
  const near = [...around(minimum, -Infinity), ...around(maximum, -Infinity)];
  const inside = fc.integer({ min: minimum ?? -1e9, max: maximum ?? 1e9 });
  return fc.oneof({ weight: 6, arbitrary: inside }, { weight: 2, arbitrary: fc.constantFrom(...near, ...NUMBERS) });
}

function listOf({ items, minItems, maxItems }: Schema): fc.Arbitrary<unknown[]> {
  const item = items ? valueOf(items, 200) : wrongType;
  const short = fc.array(item, { minLength: 0, maxLength: 4 });
  const exact = fc.constantFrom(...around(minItems), ...around(maxItems), 1).chain((length) => {
    // One drawn item many times: what is tested is the number of items.
    return item.map((each) => Array.from({ length }, () => each));
  });
  return fc.oneof({ weight: 3, arbitrary: short }, { weight: 1, arbitrary: exact });
}

/** A structure: now and then without a required member, or with one that nobody knows. */
function objectOf({ properties = {}, required = [] }: Schema, oneIn: number): fc.Arbitrary<Record<string, unknown>> {
  const members = Object.entries(properties).map(([name, schema]) => {
    const given = fc.tuple(fc.constant(name), valueOf(schema, oneIn));
    const absent = fc.constant(undefined);
    const [mostly, seldom] = required.includes(name) ? [29, 1] : [2, 1];
    return fc.oneof({ weight: mostly, arbitrary: given }, { weight: seldom, arbitrary: absent });
  });
  const unknown = fc.option(fc.tuple(fc.constantFrom('Unknown', 'dryRun', '__type', '__proto__'), fc.jsonValue()), {
    freq: 20,
    nil: undefined,
  });
  return fc.tuple(...members, unknown).map((all) => Object.fromEntries(all.filter((each) => each !== undefined)));
}

function valueOf(schema: Schema, oneIn: number): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: oneIn, arbitrary: rightType(schema, oneIn) }, { weight: 1, arbitrary: wrongType });
}

function rightType(schema: Schema, oneIn: number): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'object':
      return objectOf(schema, oneIn);
    case 'array':
      return listOf(schema);
    case 'string':
      return schema.enum ? enumOf(schema.enum) : textOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return numberOf(schema);
  }
}

const sampleOf = ({ service, operation, schema }: Operation): fc.Arbitrary<Sample> =>
  objectOf(schema, 40).map((input) => ({ service, operation, input }));

const anySample = fc.oneof(...OPERATIONS.map(sampleOf));

/** Inputs of all operations, each about as often good as bad; the same seed, the same inputs. */
export function samples(count: number, seed: number): Sample[] {
  return fc.sample(anySample, { numRuns: count, seed });
}
