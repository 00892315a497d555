import { ATTRIBUTE_FIELDS, object, OWNER_FIELDS, REPORT_FIELDS, type Rules } from './fields';
import { InvalidReportError } from './invalid-report-error';
import { DEFAULT_HEARTBEAT_FRACTION, NEEDED_ROOM_SECONDS, SHOWN_VALUE_LENGTH } from './limits';
import { meant } from './meant';
import { misformatted } from './resource-attributes';
import { toStatusDetail } from './status-detail';
import { isTerminal, type TaskReport } from './types';

/** Is told of a field that nobody reads. */
export type OnIgnored = (message: string) => void;

/** How a report is checked. */
interface Checks {
  /** A single notification needs no room for a heartbeat. @default true */
  heartbeats?: boolean;
  /** Share of `nextUpdateSeconds` after which a heartbeat is due. @default a third */
  heartbeatFraction?: number;
  /** A field that does not exist is refused where another one was meant, else it passes, and this is told; null: all pass. */
  onIgnored?: OnIgnored | null;
}

/**
 * Checks a report against every constraint of the model and returns a copy with its detail as one line.
 * @throws InvalidReportError naming field, value and rule.
 */
export function validateReport(
  input: TaskReport,
  { heartbeats = true, heartbeatFraction = DEFAULT_HEARTBEAT_FRACTION, onIgnored = () => undefined }: Checks = {},
): TaskReport {
  const report = checked('', input, REPORT_FIELDS, onIgnored);
  const { statusDetail, nextUpdateSeconds, owner, resourceAttributes, labels } = report;
  if (owner) report.owner = checked('owner.', owner, OWNER_FIELDS, onIgnored);
  if (resourceAttributes)
    report.resourceAttributes = resourceAttributes.map((each, i) => {
      const attribute = checked(`resourceAttributes[${i}].`, each, ATTRIBUTE_FIELDS, onIgnored);
      refuse(`resourceAttributes[${i}].value`, attribute.value, misformatted(attribute));
      return attribute;
    });
  if (labels) report.labels = withoutNulls(labels);
  // An end has no heartbeats: the worker may have another fraction by now than when the task began.
  if (heartbeats && !isTerminal(report.status) && nextUpdateSeconds !== undefined)
    checkRoom(nextUpdateSeconds, heartbeatFraction);
  if (statusDetail !== undefined) report.statusDetail = toStatusDetail(statusDetail);
  return report;
}

/**
 * A copy without what is null (many languages write an absent field so) or undefined, once each field meets its rule. `within` goes before
 * the names of fields.
 * @throws InvalidReportError naming field, value and rule.
 */
export function checked<T extends object>(within: string, given: T, rules: Rules<T>, onIgnored: OnIgnored | null): T {
  refuse(within.slice(0, -1) || 'report', given, object(given));
  const value = withoutNulls(given);
  const ignored = onIgnored ? ignoredIn(value, Object.keys(rules), within) : [];
  for (const field in rules) refuse(within + field, value[field], rules[field](value[field]));
  // Of what is refused nothing is ignored.
  for (const each of ignored) onIgnored?.(each);
  return value;
}

/** A copy without what counts as left out. */
export const withoutNulls = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, each]) => each !== null && each !== undefined)) as T;

function refuse(field: string, value: unknown, rule: string | undefined): void {
  if (rule !== undefined) throw new InvalidReportError(field, value, rule);
}

/** A misspelt field would be lost. One of another kind may be of a newer version of who sends it: that must not fail, and is told. */
function ignoredIn(value: object, known: string[], within: string): string[] {
  const ignored: string[] = [];
  for (const [field, given] of Object.entries(value)) {
    if (known.includes(field)) continue;
    const name = within + field.slice(0, SHOWN_VALUE_LENGTH);
    const guess = meant(field, known);
    // Beside the one that may be meant it is another.
    if (guess && (value as Record<string, unknown>)[guess] === undefined)
      refuse(name, given, `there is no such field: did you mean ${within}${guess}?`);
    ignored.push(`${name} is ignored: there is no such field; the fields are ${known.join(', ')}`);
  }
  return ignored;
}

/** The least `nextUpdateSeconds` with room for a heartbeat. */
export const leastNextUpdateSeconds = (heartbeatFraction = DEFAULT_HEARTBEAT_FRACTION): number =>
  // 1 - 0.8 is a little less than 0.2.
  Math.ceil(NEEDED_ROOM_SECONDS / (1 - heartbeatFraction) - 1e-9);

/** Refuses a `nextUpdateSeconds` whose heartbeat would leave too little room before the deadline. */
function checkRoom(nextUpdateSeconds: number, heartbeatFraction: number): void {
  const least = leastNextUpdateSeconds(heartbeatFraction);
  if (nextUpdateSeconds >= least) return;
  refuse(
    'nextUpdateSeconds',
    nextUpdateSeconds,
    `it must be at least ${least}: between heartbeat and deadline there must be ${NEEDED_ROOM_SECONDS} s for three retries, a request timeout and a lost worker`,
  );
}
