import {
  DEFAULT_HEARTBEAT_FRACTION,
  MAX_ID_LENGTH,
  MAX_LABELS_LENGTH,
  MAX_NEXT_UPDATE_SECONDS,
  MAX_STREAM_LENGTH,
  MAX_TASK_NAME_LENGTH,
  NEEDED_ROOM_SECONDS,
} from './limits';
import { checkFields } from './fields';
import { InvalidReportError } from './invalid-report-error';
import { toStatusDetail } from './status-detail';
import { STATUSES, type TaskIdentity, type TaskReport } from './types';

function checkText(field: string, value: unknown, max: number, forbidden: RegExp, saying: string): void {
  if (typeof value !== 'string') throw new InvalidReportError(field, value, 'it must be a string');
  const length = value.length > max * 2 ? value.length : [...value].length;
  if (length < 1 || length > max)
    throw new InvalidReportError(field, value, `it must have 1 to ${max} characters (has ${length})`);
  if (forbidden.test(value)) throw new InvalidReportError(field, value, `it must not contain ${saying}`);
}

function checkInteger(field: string, value: unknown, min: number, max: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw new InvalidReportError(field, value, `it must be an integer from ${min} to ${max}`);
}

// The model's pattern for ProgressUpdateStream excludes control characters.
// eslint-disable-next-line no-control-regex
const STREAM_FORBIDDEN = /[/:|\u0000-\u001f]/;

/** Checks the two names of a task against the model's lengths and patterns. */
export function checkIdentity(identity: TaskIdentity): void {
  checkText(
    'progressUpdateStream',
    identity.progressUpdateStream,
    MAX_STREAM_LENGTH,
    STREAM_FORBIDDEN,
    '"/", ":", "|" or a control character',
  );
  checkText('migrationTaskName', identity.migrationTaskName, MAX_TASK_NAME_LENGTH, /[:|]/, '":" or "|"');
}

/** Refuses a `nextUpdateSeconds` whose heartbeat would leave too little room before the deadline. */
function checkNextUpdateSeconds(seconds: unknown, heartbeatFraction: number): void {
  checkInteger('nextUpdateSeconds', seconds, 1, MAX_NEXT_UPDATE_SECONDS);
  const least = Math.ceil(NEEDED_ROOM_SECONDS / (1 - heartbeatFraction));
  if ((seconds as number) < least)
    throw new InvalidReportError(
      'nextUpdateSeconds',
      seconds,
      `it must be at least ${least}: between heartbeat and deadline there must be ${NEEDED_ROOM_SECONDS} s for three retries, a request timeout and a lost worker`,
    );
}

/**
 * Checks a report against every constraint of the model and returns it with its detail as one line.
 * `heartbeats: false` is for a single notification, which needs no room for one; `strict: false` lets unknown fields pass.
 * @throws InvalidReportError naming field, value and rule.
 */
export function validateReport(
  input: TaskReport,
  { heartbeats = true, heartbeatFraction = DEFAULT_HEARTBEAT_FRACTION, strict = true } = {},
): TaskReport {
  const report = withoutNulls(input, 'report');
  if (strict) checkFields(report);
  checkIdentity(report);
  if (!STATUSES.includes(report.status))
    throw new InvalidReportError('status', report.status, `it must be one of ${STATUSES.join(', ')}`);
  const { progressPercent, statusDetail, nextUpdateSeconds } = report;
  if (progressPercent !== undefined) checkInteger('progressPercent', progressPercent, 0, 100);
  if (nextUpdateSeconds !== undefined) {
    if (heartbeats) checkNextUpdateSeconds(nextUpdateSeconds, heartbeatFraction);
    else checkInteger('nextUpdateSeconds', nextUpdateSeconds, 1, MAX_NEXT_UPDATE_SECONDS);
  }
  const { silenceLimitSeconds } = report;
  if (silenceLimitSeconds !== undefined)
    checkInteger('silenceLimitSeconds', silenceLimitSeconds, 0, MAX_NEXT_UPDATE_SECONDS);
  if (statusDetail !== undefined && typeof statusDetail !== 'string')
    throw new InvalidReportError('statusDetail', statusDetail, 'it must be a string');
  for (const flag of ['allowDecrease', 'reopen'] as const)
    if (report[flag] !== undefined && typeof report[flag] !== 'boolean')
      throw new InvalidReportError(flag, report[flag], 'it must be true or false');
  checkLabels(report.labels);
  if (report.owner !== undefined) report.owner = checkedOwner(report.owner);
  checkResourceAttributes(report.resourceAttributes);
  return statusDetail === undefined ? report : { ...report, statusDetail: toStatusDetail(statusDetail) };
}

/** A copy without what is null: many languages write an absent field so. */
function withoutNulls<T extends object>(value: T, field: string): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidReportError(field, value, 'it must be an object');
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null)) as T;
}

function checkLabels(labels: TaskReport['labels']): void {
  if (labels === undefined) return;
  const isObject = typeof labels === 'object' && !Array.isArray(labels);
  if (!isObject || Object.values(labels).some((label) => typeof label !== 'string'))
    throw new InvalidReportError('labels', labels, 'it must be an object of strings');
  if (JSON.stringify(labels).length > MAX_LABELS_LENGTH)
    throw new InvalidReportError('labels', labels, `its JSON must have at most ${MAX_LABELS_LENGTH} characters`);
}

function checkedOwner(given: NonNullable<TaskReport['owner']>): NonNullable<TaskReport['owner']> {
  const owner = withoutNulls(given, 'owner');
  const { ownerId, sequence } = owner;
  // A name that a JSON object cannot hold as a key of its own.
  if (typeof ownerId !== 'string' || ownerId === '__proto__' || !Number.isInteger(sequence) || sequence < 1)
    throw new InvalidReportError('owner', given, 'it needs ownerId (string) and sequence (integer from 1)');
  for (const field of ['ownerId', 'workflowId', 'runId', 'namespace'] as const) {
    const value: unknown = owner[field];
    if (value !== undefined && (typeof value !== 'string' || value.length > MAX_ID_LENGTH))
      throw new InvalidReportError(
        `owner.${field}`,
        value,
        `it must be a string of at most ${MAX_ID_LENGTH} characters`,
      );
  }
  return owner;
}

const ATTRIBUTE_TYPES =
  'IPV4_ADDRESS IPV6_ADDRESS MAC_ADDRESS FQDN VM_MANAGER_ID VM_MANAGED_OBJECT_REFERENCE VM_NAME VM_PATH BIOS_ID MOTHERBOARD_SERIAL_NUMBER'.split(
    ' ',
  );

function checkResourceAttributes(attributes: TaskReport['resourceAttributes']): void {
  if (attributes === undefined) return;
  if (!Array.isArray(attributes) || attributes.length < 1 || attributes.length > 100)
    throw new InvalidReportError('resourceAttributes', attributes, 'it must have 1 to 100 entries');
  attributes.forEach((attribute, i) => {
    if (!ATTRIBUTE_TYPES.includes(attribute?.type))
      throw new InvalidReportError(
        `resourceAttributes[${i}].type`,
        attribute?.type,
        `it must be one of ${ATTRIBUTE_TYPES.join(', ')}`,
      );
    checkText(`resourceAttributes[${i}].value`, attribute.value, 256, /[\r\n]/, 'a line end');
  });
}
