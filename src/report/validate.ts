import { ATTRIBUTE_FIELDS, object, OWNER_FIELDS, REPORT_FIELDS, type Rules } from './fields';
import { InvalidReportError } from './invalid-report-error';
import { DEFAULT_HEARTBEAT_FRACTION, NEEDED_ROOM_SECONDS, SHOWN_VALUE_LENGTH } from './limits';
import { toStatusDetail } from './status-detail';
import type { TaskReport } from './types';

/**
 * Checks a report against every constraint of the model and returns a copy with its detail as one line.
 * `heartbeats: false` is for a single notification, which needs no room for one; `strict: false` lets unknown fields pass.
 * @throws InvalidReportError naming field, value and rule.
 */
export function validateReport(
  input: TaskReport,
  { heartbeats = true, heartbeatFraction = DEFAULT_HEARTBEAT_FRACTION, strict = true } = {},
): TaskReport {
  const report = checked('report', input, REPORT_FIELDS, strict);
  const { statusDetail, nextUpdateSeconds, owner, resourceAttributes } = report;
  if (owner) report.owner = checked('owner', owner, OWNER_FIELDS, strict);
  if (resourceAttributes)
    report.resourceAttributes = resourceAttributes.map((each, i) =>
      checked(`resourceAttributes[${i}]`, each, ATTRIBUTE_FIELDS, strict),
    );
  if (heartbeats && nextUpdateSeconds !== undefined) checkRoom(nextUpdateSeconds, heartbeatFraction);
  if (statusDetail !== undefined) report.statusDetail = toStatusDetail(statusDetail);
  return report;
}

/** A copy without what is null (many languages write an absent field so), once each field meets its rule. */
function checked<T extends object>(name: string, given: T, rules: Rules<T>, strict: boolean): T {
  refuse(name, given, object(given));
  const value = Object.fromEntries(Object.entries(given).filter(([, each]) => each !== null)) as T;
  const within = name === 'report' ? '' : `${name}.`;
  if (strict) checkNames(value, Object.keys(rules), within);
  for (const field in rules) refuse(within + field, value[field], rules[field](value[field]));
  return value;
}

function refuse(field: string, value: unknown, rule: string | undefined): void {
  if (rule !== undefined) throw new InvalidReportError(field, value, rule);
}

/** A field that nobody reads would be lost in silence. */
function checkNames(value: object, known: string[], within: string): void {
  for (const [field, given] of Object.entries(value)) {
    if (given === undefined || known.includes(field)) continue;
    const guess = meant(field, known);
    const mend = guess ? `did you mean ${within}${guess}?` : `the fields are ${known.join(', ')}`;
    refuse(`${within}${field.slice(0, SHOWN_VALUE_LENGTH)}`, given, `there is no such field: ${mend}`);
  }
}

/** `progress_percent`, `ProgressPercent` and `percent` all mean `progressPercent`; a name that could mean two means none. */
function meant(field: string, known: string[]): string | undefined {
  const letters = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
  const given = letters(field);
  const same = known.find((name) => letters(name) === given);
  if (same !== undefined || given.length < 4) return same;
  const like = known.filter((name) => letters(name).includes(given) || given.includes(letters(name)));
  return like.length === 1 ? like[0] : undefined;
}

/** Refuses a `nextUpdateSeconds` whose heartbeat would leave too little room before the deadline. */
function checkRoom(nextUpdateSeconds: number, heartbeatFraction: number): void {
  const least = Math.ceil(NEEDED_ROOM_SECONDS / (1 - heartbeatFraction));
  if (nextUpdateSeconds >= least) return;
  refuse(
    'nextUpdateSeconds',
    nextUpdateSeconds,
    `it must be at least ${least}: between heartbeat and deadline there must be ${NEEDED_ROOM_SECONDS} s for three retries, a request timeout and a lost worker`,
  );
}
