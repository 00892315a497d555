/** What files begin with that are no text. */
const KINDS: [start: string, kind: string, mend: string][] = [
  ['504b0304', 'a workbook (XLSX) or another ZIP archive', 'Save its sheet as "CSV UTF-8", or unpack it.'],
  ['d0cf11e0', 'a workbook (XLS)', 'Save its sheet as "CSV UTF-8".'],
  ['1f8b', 'compressed (gzip)', 'Unpack it.'],
  ['25504446', 'a PDF', 'Ask for it as CSV.'],
];

/** Says what the file is and what to do, where it is no text. */
export function binaryKind(start: Buffer): string | undefined {
  const hex = start.subarray(0, 8).toString('hex');
  const found = KINDS.find(([begin]) => hex.startsWith(begin));
  return found && `the file is ${found[1]}, not CSV. ${found[2]}`;
}
