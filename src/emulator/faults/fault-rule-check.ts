import { closedObject, settingCheck } from '../settings/setting-check';
import { SettingError } from '../settings/setting-error';
import type { FaultRule } from '../types';

const name = { type: 'string', minLength: 1 };
const action = (type: string, properties: Record<string, object> = {}, required: string[] = []) =>
  closedObject({ type: { const: type }, ...properties }, ['type', ...required]);

/** How a throttle is answered: fields that a fault action and `throttleAt` share. */
export const throttleForm = { httpStatus: { enum: [400, 429] }, retryAfterIn: { enum: ['body', 'header', 'both'] } };

const TEN_YEARS = 315_576_000;
const plain = ['service-unavailable', 'html-503', 'text-400', 'internal', 'access-denied', 'policy-error'];
const more = [
  'home-region-not-set',
  'expired-token',
  'reset',
  'hang',
  'apply-then-reset',
  'apply-then-hang',
  'truncate',
  'bad-json',
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
        ...[...plain, ...more, 'empty-body'].map((type) => action(type)),
      ],
    },
  },
  ['action'],
);

/** A fault rule that cannot be used; the message names the field, e.g. `0.action.type`. */
export class FaultRuleError extends SettingError {
  override readonly name = 'FaultRuleError';
}

/** Answers the rules when all can be used, else throws a FaultRuleError. */
export const checkFaultRules = settingCheck<FaultRule[]>(
  { type: 'array', items: rule },
  'The array of fault rules',
  FaultRuleError,
);
