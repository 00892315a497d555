import { Ajv } from 'ajv';
import type { FaultRule } from './types';
import { describeViolation } from './validation';

const object = (properties: Record<string, object>, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const name = { type: 'string', minLength: 1 };
const action = (type: string, properties: Record<string, object> = {}, required: string[] = []) =>
  object({ type: { const: type }, ...properties }, ['type', ...required]);
const plain = ['service-unavailable', 'html-503', 'internal', 'access-denied', 'home-region-not-set', 'expired-token'];
const connection = ['reset', 'apply-then-reset', 'hang'];

const rule = object(
  {
    match: object({ operation: name, stream: name, task: name, nth: { type: 'integer', minimum: 1 } }),
    probability: { type: 'number', minimum: 0, maximum: 1 },
    seed: { type: 'integer' },
    times: { type: 'integer', minimum: 1 },
    forSeconds: { type: 'number', exclusiveMinimum: 0 },
    action: {
      type: 'object',
      discriminator: { propertyName: 'type' },
      required: ['type'],
      oneOf: [
        action('throttle', {
          retryAfterSeconds: { type: 'integer', minimum: 0 },
          httpStatus: { type: 'integer', minimum: 400, maximum: 599 },
        }),
        action('slow', { ms: { type: 'number', minimum: 0, maximum: 2147483647 } }, ['ms']),
        ...[...plain, ...connection].map((type) => action(type)),
      ],
    },
  },
  ['action'],
);
const validate = new Ajv({ discriminator: true, strict: false }).compile<FaultRule[]>({ type: 'array', items: rule });

/** A fault rule that cannot be used; the message names the field, e.g. `0.action.type`. */
export class FaultRuleError extends Error {
  override readonly name = 'FaultRuleError';
}

/** Answers the rules when all can be used, else throws a FaultRuleError. */
export function checkFaultRules(rules: unknown): FaultRule[] {
  if (validate(rules)) return rules;
  const error = validate.errors?.[0];
  if (error?.keyword !== 'discriminator')
    throw new FaultRuleError(describeViolation(error, 'The array of fault rules'));
  const field = `${error.instancePath.slice(1).replaceAll('/', '.')}.type`;
  throw new FaultRuleError(`${field} must be one of throttle, slow, ${[...plain, ...connection].join(', ')}`);
}
