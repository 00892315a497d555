import { meant } from '../../report/meant';
import type { Columns } from '../formats/columns';
import type { Format, Meaning } from '../formats/format';
import type { Row } from '../text/rows';
import { quoted } from '../values/cell';
import type { SourceFile } from './source-file';

/** The places of the columns that are read, in order of choice. */
export type ColumnPlaces = Partial<Record<Meaning, number[]>>;

/** What is not known where there is no column of it. */
const UNKNOWN: Partial<Record<Meaning, string>> = {
  wave: 'servers have no wave',
  application: 'servers have no application',
  fqdn: 'FQDN is not known',
  addresses: 'addresses are not known',
  managerId:
    'VM_MANAGER_ID is not known, and without it Migration Hub takes no VM_NAME, VM_PATH and VM_MANAGED_OBJECT_REFERENCE',
  vmId: 'VM_MANAGED_OBJECT_REFERENCE is not known',
  vmPath: 'VM_PATH is not known',
  biosId: 'BIOS_ID is not known',
};

/**
 * Finds the columns that are read, and notes which there are not. A file where they cannot be told is broken. Undefined where no column
 * names the server: each row would be one more error.
 */
export function readHeader(row: Row, columns: Columns, format: Format, file: SourceFile): ColumnPlaces | undefined {
  const places: ColumnPlaces = {};
  for (const [meaning, names] of Object.entries(format.columns) as [Meaning, string[]][]) {
    const found = names.map((name) => columns.index(name)).filter((index) => index !== undefined);
    if (found.length > 0) places[meaning] = found;
    else if (UNKNOWN[meaning]) file.notes.push(`no column ${names[0]}: ${UNKNOWN[meaning]}`);
  }
  checkNames(row, columns, format, file);
  note(columns, format, places, file);
  const [named] = places.name ?? [];
  if (named !== undefined) {
    file.nameColumn = columns.headers[named] ?? '';
    return places;
  }
  // One that is misspelt has been told.
  if (!file.isBroken)
    file.fail(
      row.at(columns.headers.length),
      `no column names the server. Add one of ${format.columns.name?.join(', ')}.`,
    );
  return undefined;
}

/** Columns twice, and misspelt ones. */
function checkNames(row: Row, columns: Columns, format: Format, file: SourceFile): void {
  const used = Object.values(format.columns).flat();
  for (const name of new Set(used)) {
    const second = columns.second(name);
    if (second === undefined) continue;
    const header = columns.headers[second] ?? '';
    file.fail(row.at(second), `column ${quoted(header)} is there twice. Remove one of them.`, header);
  }
  const absent = used.filter((name) => !columns.has(name));
  columns.headers.forEach((header, index) => {
    if (!format.isOwnHeader?.(header)) return;
    const guess = meant(header, absent);
    if (guess === undefined) return;
    file.fail(row.at(index), `there is no column ${quoted(header)}: did you mean ${guess}?`, header);
  });
}

function note(columns: Columns, format: Format, places: ColumnPlaces, file: SourceFile): void {
  for (const [name, why] of Object.entries(format.unused ?? {}))
    if (columns.has(name)) file.notes.push(`column ${name} is not used: ${why}`);
  const read = new Set(Object.values(places).flat());
  file.ignoredColumns = columns.headers.filter((header, index) => header !== '' && !read.has(index));
  const nameless = columns.headers.flatMap((header, index) =>
    header === '' && index < columns.named ? [index + 1] : [],
  );
  if (nameless.length > 0) file.notes.push(`columns without a name are not read: ${nameless.join(', ')}`);
}
