import { quoted } from '../values/cell';
import { AZURE_MIGRATE } from './azure-migrate';
import type { Columns } from './columns';
import { DISCOVERY_EXPORT, DISCOVERY_IMPORT } from './discovery';
import type { Format } from './format';
import { INTAKE } from './intake';
import { MGN } from './mgn';
import { neighbourOf } from './neighbours';
import { VINFO, VNETWORK } from './rvtools';

/** All that are read. The first that suits counts: those with the most telling headers come first. */
const FORMATS = [MGN, INTAKE, VNETWORK, VINFO, AZURE_MIGRATE, DISCOVERY_EXPORT, DISCOVERY_IMPORT];

/** The format of a file with these columns. */
export function formatOf(columns: Columns): Format | undefined {
  return FORMATS.find((format) => format.isOf(columns));
}

/** Whether it is known what these columns are of, read or not. */
export function isKnown(columns: Columns): boolean {
  return formatOf(columns) !== undefined || neighbourOf(columns) !== undefined;
}

/** What to say of a file whose format is not read. */
export function refusalOf(columns: Columns): string {
  const neighbour = neighbourOf(columns);
  if (neighbour) return `the file is ${neighbour.name}, which names no servers to migrate. ${neighbour.mend}`;
  const headers = columns.headers
    .filter((header) => header !== '')
    .slice(0, 5)
    .map(quoted);
  return (
    `no known format has these columns: ${headers.join(', ')}. ` +
    `Known formats: ${FORMATS.map(({ name }) => name).join(', ')}. The header must be the first row.`
  );
}
