import { APPLICATION_STATUSES, type ApplicationOptions, type ApplicationReport } from './application';
import { isEpochSeconds, LARGEST_EPOCH_SECONDS } from './epoch-seconds';
import * as limits from './limits';
import { ATTRIBUTE_TYPES, lacksManager, OF_A_VM, VM_MANAGER, WITHOUT_MANAGER } from './resource-attributes';
import { STATUSES, type ReportOwner, type ResourceAttribute, type TaskIdentity, type TaskReport } from './types';

/** Says what a value must be, where it is not. */
export type Check = (value: unknown) => string | undefined;

/** A check of a report's field. */
interface Rule {
  (value: unknown): string | undefined;
  /** The same as JSON Schema, as far as that can say it: part of the contract with callers in other languages. */
  schema: Record<string, unknown>;
}

/** A check of each option; the compiler sees to it that none is missing. */
export type Checks<T> = Record<keyof T, Check>;

/** The compiler sees to it that no field is missing. */
export type Rules<T> = Record<keyof T, Rule>;

const ruleOf = (check: Check, schema: Rule['schema']): Rule =>
  Object.assign((value: unknown) => check(value), { schema });

/** A rule by what it demands. */
export const must = (suits: (value: unknown) => boolean, saying: string, schema = {}): Rule =>
  ruleOf((value) => (suits(value) ? undefined : saying), schema);

/** The rule, for a field that may be absent. */
export const optional = (rule: Rule): Rule =>
  ruleOf(
    (value) => {
      const saying = value === undefined ? undefined : rule(value);
      return saying && isZero(value) ? `${saying}; leave it out (in Go: omitempty) where there is none` : saying;
    },
    { ...rule.schema, ...orNull(rule.schema) },
  );

const orNull = ({ type, enum: values }: Rule['schema']) =>
  Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : { type: [type, 'null'] };

/** Of structs in structs. What comes from outside may be deeper than the stack. */
const ZERO_DEPTH = 10;
const ZEROS: unknown[] = [undefined, null, '', 0, false];
/** What a language without absent fields, as Go is in its structs, writes for one that nobody has set. */
const isZero = (value: unknown, depth = 0): boolean =>
  ZEROS.includes(value) ||
  (typeof value === 'object' &&
    depth < ZERO_DEPTH &&
    (Array.isArray(value)
      ? value.length === 0
      : Object.values(value as object).every((each) => isZero(each, depth + 1))));

/** Any text. */
export const string = must((value) => typeof value === 'string', 'it must be a string', { type: 'string' });
/** True or false. */
export const flag = must((value) => typeof value === 'boolean', 'it must be true or false', { type: 'boolean' });
/** An object that is no array, and no bytes: what is not sent as JSON comes as these. */
export const object = ruleOf(
  (value) => {
    if (ArrayBuffer.isView(value)) return 'it must be an object: send JSON (encoding json/plain)';
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'it must be an object';
  },
  { type: 'object' },
);
/** One of a few values. */
export const oneOf = (values: readonly unknown[]): Rule =>
  must((value) => values.includes(value), `it must be one of ${values.join(', ')}`, { enum: values });
const integer = (minimum: number, maximum = Infinity): Rule =>
  must(
    (value) => Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
    `it must be an integer from ${minimum}${maximum < Infinity ? ` to ${maximum}` : ''}`,
    { type: 'integer', minimum, ...(maximum < Infinity && { maximum }) },
  );

/** Of `min` to `max` characters; `allowed`, a pattern for the whole, leaves out what `saying` names. */
export const text = (max: number, allowed?: RegExp, saying?: string, min = 1): Rule =>
  ruleOf(
    (value) => {
      if (typeof value !== 'string') return string(value);
      const length = value.length > max * 2 ? value.length : [...value].length;
      if (length < min || length > max) return `it must have ${min} to ${max} characters (has ${length})`;
      // UTF-8 cannot hold it: ids of workflows, and what AWS gets, would have another one.
      if (/\p{Surrogate}/u.test(value)) return 'it must not end or begin within a character (it has half of one)';
      return allowed?.test(value) === false ? `it must not contain ${saying}` : undefined;
    },
    { type: 'string', minLength: min, maxLength: max, ...(allowed && { pattern: allowed.source }) },
  );

/** One line of `min` to `max` characters: the model's pattern `.` excludes line ends. */
export const line = (max: number, min = 1): Rule => text(max, /^[^\r\n\u0085\u2028\u2029]*$/, 'a line end', min);

/** Text by a rule that also has the form of a pattern. */
export const matching = (rule: Rule, pattern: RegExp, saying: string): Rule =>
  ruleOf((value) => rule(value) ?? (pattern.test(value as string) ? undefined : saying), {
    ...rule.schema,
    pattern: pattern.source,
  });

/** The id of a workflow, run or reporter. */
export const id = text(limits.MAX_ID_LENGTH);

const labels = ruleOf(
  (value) => {
    if (object(value) || Object.values(value as object).some((each) => each !== null && string(each)))
      return 'it must be an object of strings';
    const max = limits.MAX_LABELS_LENGTH;
    return JSON.stringify(value).length > max ? `its JSON must have at most ${max} characters` : undefined;
  },
  { type: 'object', additionalProperties: { type: ['string', 'null'] } },
);

// The model's pattern for ProgressUpdateStream excludes control characters.
// eslint-disable-next-line no-control-regex
const STREAM = /^[^/:|\u0000-\u001f]*$/;

const typed = (condition: object) => ({
  type: 'array',
  contains: { type: 'object', properties: { type: condition }, required: ['type'] },
});
const resourceAttributes = ruleOf(
  (value) => {
    const max = limits.MAX_RESOURCE_ATTRIBUTES;
    if (!Array.isArray(value) || value.length < 1 || value.length > max) return `it must have 1 to ${max} entries`;
    return lacksManager(value) ? WITHOUT_MANAGER : undefined;
  },
  {
    type: 'array',
    minItems: 1,
    maxItems: limits.MAX_RESOURCE_ATTRIBUTES,
    if: typed({ enum: OF_A_VM }),
    then: typed({ const: VM_MANAGER }),
  },
);

/** The fields that name a task. Lengths and patterns are those of the Migration Hub model (2017-05-31). */
export const IDENTITY_FIELDS: Rules<TaskIdentity> = {
  progressUpdateStream: text(limits.MAX_STREAM_LENGTH, STREAM, '"/", ":", "|" or a control character'),
  migrationTaskName: text(limits.MAX_TASK_NAME_LENGTH, /^[^:|]*$/, '":" or "|"'),
};

/** The fields of a report. */
export const REPORT_FIELDS: Rules<TaskReport> = {
  ...IDENTITY_FIELDS,
  status: oneOf(STATUSES),
  statusDetail: optional(string),
  progressPercent: optional(integer(0, 100)),
  nextUpdateSeconds: optional(integer(1, limits.MAX_NEXT_UPDATE_SECONDS)),
  silenceLimitSeconds: optional(integer(0, limits.MAX_NEXT_UPDATE_SECONDS)),
  labels: optional(labels),
  resourceAttributes: optional(resourceAttributes),
  discoveredResource: optional(line(limits.MAX_RESOURCE_NAME_LENGTH)),
  owner: optional(
    ruleOf(
      (value) => object(value) ?? (isZero(value) ? 'it must have an ownerId and a sequence' : undefined),
      object.schema,
    ),
  ),
  allowDecrease: optional(flag),
  reopen: optional(flag),
};

// Before 1970 nothing of Temporal began; 0 is a field that nobody has set.
const seconds = must(
  (value) => isEpochSeconds(value) && value > 0,
  'it must be a number of epoch seconds (not milliseconds)',
  { type: 'number', exclusiveMinimum: 0, maximum: LARGEST_EPOCH_SECONDS },
);

/** The fields that name one report of a reporter. */
const KEY_FIELDS: Rules<Pick<ReportOwner, 'ownerId' | 'sequence'>> = {
  // A name that a JSON object cannot hold as a key of its own.
  ownerId: ruleOf((value) => (value === '__proto__' ? 'it must be another name than __proto__' : id(value)), {
    ...id.schema,
    not: { const: '__proto__' },
  }),
  sequence: integer(1),
};

/** The arguments of `awaitDelivery`. */
export const DELIVERY_FIELDS = { ...IDENTITY_FIELDS, ...KEY_FIELDS };

/** The fields of its `owner`. */
export const OWNER_FIELDS: Rules<ReportOwner> = {
  ...KEY_FIELDS,
  workflowId: optional(id),
  runId: optional(id),
  workflowType: optional(id),
  namespace: optional(id),
  rootWorkflowId: optional(id),
  attempt: optional(id),
  startedAt: optional(seconds),
  reportedAt: optional(seconds),
};

/** The fields of each of its `resourceAttributes`. */
export const ATTRIBUTE_FIELDS: Rules<ResourceAttribute> = {
  type: oneOf(ATTRIBUTE_TYPES),
  value: line(256),
};

/** The fields of what `notifyApplicationState` takes. */
export const APPLICATION_FIELDS: Rules<ApplicationReport> = {
  applicationId: text(limits.MAX_APPLICATION_ID_LENGTH, /^[^\r\n]*$/, 'a line end'),
  status: optional(oneOf(APPLICATION_STATUSES)),
  progressUpdateStream: optional(IDENTITY_FIELDS.progressUpdateStream),
  application: optional(text(limits.MAX_LABELS_LENGTH)),
  tasks: optional(integer(1)),
};

/** Seconds of a call of `notifyApplicationState`, its retries included. */
export const APPLICATION_SECONDS = must(
  (value) => typeof value === 'number' && value >= 1 && value <= limits.MAX_APPLICATION_SECONDS,
  `it must be a number of seconds from 1 to ${limits.MAX_APPLICATION_SECONDS}`,
  { type: 'number', minimum: 1, maximum: limits.MAX_APPLICATION_SECONDS },
);

/** The options of the activity `notifyApplicationState`: its time is one of Temporal's options. */
export const ACTIVITY_OPTION_FIELDS: Rules<Pick<ApplicationOptions, 'dryRun'>> = { dryRun: optional(flag) };

/** The options of `notifyApplicationState` of workflow code and client. */
export const APPLICATION_OPTION_FIELDS: Rules<ApplicationOptions> = {
  ...ACTIVITY_OPTION_FIELDS,
  timeoutSeconds: optional(APPLICATION_SECONDS),
};
