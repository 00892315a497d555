import { InvalidReportError } from './invalid-report-error';

const REPORT_FIELDS = [
  'progressUpdateStream',
  'migrationTaskName',
  'status',
  'statusDetail',
  'progressPercent',
  'nextUpdateSeconds',
  'labels',
  'resourceAttributes',
  'owner',
  'allowDecrease',
  'reopen',
];
const OWNER_FIELDS = ['ownerId', 'workflowId', 'runId', 'sequence'];
const ATTRIBUTE_FIELDS = ['type', 'value'];

/** `progress_percent`, `ProgressPercent` and `percent` all mean `progressPercent`. */
function meant(field: string, known: string[]): string | undefined {
  const letters = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
  const given = letters(field);
  return (
    known.find((name) => letters(name) === given) ??
    known.find((name) => given.length > 3 && (letters(name).includes(given) || given.includes(letters(name))))
  );
}

function checkNames(value: unknown, known: string[], within: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [field, given] of Object.entries(value)) {
    if (given === undefined || given === null || known.includes(field)) continue;
    const guess = meant(field, known);
    const mend = guess ? `did you mean ${within}${guess}?` : `the fields are ${known.join(', ')}`;
    throw new InvalidReportError(`${within}${field}`, given, `there is no such field: ${mend}`);
  }
}

/** A field that nobody reads would be lost in silence. @throws InvalidReportError naming it, and what was meant. */
export function checkFields(report: { owner?: unknown; resourceAttributes?: unknown }): void {
  checkNames(report, REPORT_FIELDS, '');
  checkNames(report.owner, OWNER_FIELDS, 'owner.');
  if (Array.isArray(report.resourceAttributes))
    report.resourceAttributes.forEach((each, i) => checkNames(each, ATTRIBUTE_FIELDS, `resourceAttributes[${i}].`));
}
