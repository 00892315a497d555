import * as limits from './limits';
import { STATUSES, type ReportOwner, type ResourceAttribute, type TaskReport } from './types';

/** Says what a value must be, where it is not. */
type Rule = (value: unknown) => string | undefined;

/** The compiler sees to it that no field is missing. */
export type Rules<T> = Record<keyof T, Rule>;

/** A rule by what it demands. */
export function must(suits: (value: unknown) => boolean, saying: string): Rule {
  return (value) => (suits(value) ? undefined : saying);
}

/** The rule, for a field that may be absent. */
export function optional(rule: Rule): Rule {
  return (value) => (value === undefined ? undefined : rule(value));
}

const string = must((value) => typeof value === 'string', 'it must be a string');
const flag = must((value) => typeof value === 'boolean', 'it must be true or false');
/** An object that is no array. */
export const object = must(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'it must be an object',
);
/** One of a few values. */
export const oneOf = (values: readonly unknown[]): Rule =>
  must((value) => values.includes(value), `it must be one of ${values.join(', ')}`);
const integer = (min: number, max = Infinity): Rule =>
  must(
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    `it must be an integer from ${min}${max < Infinity ? ` to ${max}` : ''}`,
  );
const id = must(
  (value) => typeof value === 'string' && value.length <= limits.MAX_ID_LENGTH,
  `it must be a string of at most ${limits.MAX_ID_LENGTH} characters`,
);

/** Of 1 to `max` characters. */
function text(max: number, forbidden: RegExp, saying: string): Rule {
  return (value) => {
    if (typeof value !== 'string') return string(value);
    const length = value.length > max * 2 ? value.length : [...value].length;
    if (length < 1 || length > max) return `it must have 1 to ${max} characters (has ${length})`;
    return forbidden.test(value) ? `it must not contain ${saying}` : undefined;
  };
}

function labels(value: unknown): string | undefined {
  if (object(value) || Object.values(value as object).some(string)) return 'it must be an object of strings';
  const max = limits.MAX_LABELS_LENGTH;
  return JSON.stringify(value).length > max ? `its JSON must have at most ${max} characters` : undefined;
}

// The model's pattern for ProgressUpdateStream excludes control characters.
// eslint-disable-next-line no-control-regex
const STREAM_FORBIDDEN = /[/:|\u0000-\u001f]/;

const ATTRIBUTE_TYPES =
  'IPV4_ADDRESS IPV6_ADDRESS MAC_ADDRESS FQDN VM_MANAGER_ID VM_MANAGED_OBJECT_REFERENCE VM_NAME VM_PATH BIOS_ID MOTHERBOARD_SERIAL_NUMBER';

/** The fields of a report. Lengths and patterns are those of the Migration Hub model (2017-05-31). */
export const REPORT_FIELDS: Rules<TaskReport> = {
  progressUpdateStream: text(limits.MAX_STREAM_LENGTH, STREAM_FORBIDDEN, '"/", ":", "|" or a control character'),
  migrationTaskName: text(limits.MAX_TASK_NAME_LENGTH, /[:|]/, '":" or "|"'),
  status: oneOf(STATUSES),
  statusDetail: optional(string),
  progressPercent: optional(integer(0, 100)),
  nextUpdateSeconds: optional(integer(1, limits.MAX_NEXT_UPDATE_SECONDS)),
  silenceLimitSeconds: optional(integer(0, limits.MAX_NEXT_UPDATE_SECONDS)),
  labels: optional(labels),
  resourceAttributes: optional(
    must((value) => Array.isArray(value) && value.length >= 1 && value.length <= 100, 'it must have 1 to 100 entries'),
  ),
  owner: optional(object),
  allowDecrease: optional(flag),
  reopen: optional(flag),
};

const seconds = must((value) => Number.isFinite(value), 'it must be a number of epoch seconds');

/** The fields of its `owner`. */
export const OWNER_FIELDS: Rules<ReportOwner> = {
  // A name that a JSON object cannot hold as a key of its own.
  ownerId: (value) => (value === '__proto__' ? 'it must be another name than __proto__' : id(value)),
  workflowId: optional(id),
  runId: optional(id),
  namespace: optional(id),
  rootWorkflowId: optional(id),
  sequence: integer(1),
  attempt: optional(id),
  startedAt: optional(seconds),
  reportedAt: optional(seconds),
};

/** The fields of each of its `resourceAttributes`. */
export const ATTRIBUTE_FIELDS: Rules<ResourceAttribute> = {
  type: oneOf(ATTRIBUTE_TYPES.split(' ')),
  value: text(256, /[\r\n]/, 'a line end'),
};
