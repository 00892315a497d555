import { closedObject, settingCheck } from '../settings/setting-check';
import { SettingError } from '../settings/setting-error';
import type { FaultRule } from './types';

const name = { type: 'string', minLength: 1 };
const action = (type: string, properties: Record<string, object> = {}, required: string[] = []) =>
  closedObject({ type: { const: type }, ...properties }, ['type', ...required]);

/** The JSON Schemas of the properties of ThrottleForm. */
export const throttleForm = { httpStatus: { enum: [400, 429] }, retryAfterIn: { enum: ['body', 'header', 'both'] } };

const TEN_YEARS = 315_576_000;
/** Actions without properties. */
const plain = [
  'service-unavailable',
  'html-503',
  'text-400',
  'internal',
  'access-denied',
  'policy-error',
  'home-region-not-set',
  'expired-token',
  'reset',
  'hang',
  'apply-then-reset',
  'apply-then-hang',
  'truncate',
  'bad-json',
  'empty-body',
];

const rule = closedObject(
  {
    match: closedObject({ operation: name, stream: name, task: name, nth: { type: 'integer', minimum: 1 } }),
    probability: { type: 'number', minimum: 0, maximum: 1 },
    seed: { type: 'integer' },
    times: { type: 'integer', minimum: 1 },
    forSeconds: { type: 'number', exclusiveMinimum: 0 },
    action: {
      type: 'object',
      discriminator: { propertyName: 'type' },
      required: ['type'],
      oneOf: [
        action('throttle', { retryAfterSeconds: { type: 'integer', minimum: 0 }, ...throttleForm }),
        action('slow', { ms: { type: 'number', minimum: 0, maximum: 2147483647 } }, ['ms']),
        action('invalid-signature', { skewSeconds: { type: 'number', minimum: -TEN_YEARS, maximum: TEN_YEARS } }),
        ...plain.map((type) => action(type)),
      ],
    },
  },
  ['action'],
);

/** A fault rule that is not valid. The message names the field, e.g. `0.action.type`. */
export class FaultRuleError extends SettingError {
  /** `FaultRuleError`. */
  override readonly name = 'FaultRuleError';
}

/**
 * Returns the rules when all are valid.
 * @throws FaultRuleError
 */
export const checkFaultRules = settingCheck<FaultRule[]>(
  { type: 'array', items: rule },
  'The array of fault rules',
  FaultRuleError,
);
