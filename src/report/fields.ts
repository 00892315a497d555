import { InvalidReportError } from './invalid-report-error';
import { SHOWN_VALUE_LENGTH } from './limits';
import type { ResourceAttribute, TaskReport } from './types';

/** The compiler sees to it that none is missing. */
const namesOf = <T>(fields: Record<keyof T, true>): string[] => Object.keys(fields);
const REPORT_FIELDS = namesOf<Required<TaskReport>>({
  progressUpdateStream: true,
  migrationTaskName: true,
  status: true,
  statusDetail: true,
  progressPercent: true,
  nextUpdateSeconds: true,
  silenceLimitSeconds: true,
  labels: true,
  resourceAttributes: true,
  owner: true,
  allowDecrease: true,
  reopen: true,
});
const OWNER_FIELDS = namesOf<NonNullable<TaskReport['owner']>>({
  ownerId: true,
  workflowId: true,
  runId: true,
  namespace: true,
  sequence: true,
});
const ATTRIBUTE_FIELDS = namesOf<ResourceAttribute>({ type: true, value: true });

/** `progress_percent`, `ProgressPercent` and `percent` all mean `progressPercent`; a name that could mean two means none. */
function meant(field: string, known: string[]): string | undefined {
  const letters = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
  const given = letters(field);
  const same = known.find((name) => letters(name) === given);
  if (same !== undefined || given.length < 4) return same;
  const like = known.filter((name) => letters(name).includes(given) || given.includes(letters(name)));
  return like.length === 1 ? like[0] : undefined;
}

function checkNames(value: unknown, known: string[], within: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [field, given] of Object.entries(value)) {
    if (given === undefined || given === null || known.includes(field)) continue;
    const guess = meant(field, known);
    const mend = guess ? `did you mean ${within}${guess}?` : `the fields are ${known.join(', ')}`;
    throw new InvalidReportError(
      `${within}${field.slice(0, SHOWN_VALUE_LENGTH)}`,
      given,
      `there is no such field: ${mend}`,
    );
  }
}

/** A field that nobody reads would be lost in silence. @throws InvalidReportError naming it, and what was meant. */
export function checkFields(report: { owner?: unknown; resourceAttributes?: unknown }): void {
  checkNames(report, REPORT_FIELDS, '');
  checkNames(report.owner, OWNER_FIELDS, 'owner.');
  if (Array.isArray(report.resourceAttributes))
    report.resourceAttributes.forEach((each, i) => checkNames(each, ATTRIBUTE_FIELDS, `resourceAttributes[${i}].`));
}
