import { fixtureBytes } from './inventory';

/** How many servers each set has. */
export const SERVERS = 9;

/** A file in order: each row tells of one server, whose number is in all of its values. */
export interface SoundFile {
  name: string;
  delimiter: string;
  end: string;
  header: string[];
  rows: { server: number; cells: string[] }[];
}

/** Files that are read together. */
export type SoundSet = SoundFile[];

const two = (k: number) => String(k).padStart(2, '0');
const nameOf = (k: number) => `srv-${two(k)}-node`;
const fqdnOf = (k: number) => `srv-${two(k)}-node.corp.example`;
const macOf = (k: number, nic: number) => `00:50:56:ab:${two(k)}:${two(nic)}`;

/** What each column holds of server k, in the row that is its first (0) or a further one. */
const CELLS: Record<string, (k: number, copy: number) => string> = {
  server_name: nameOf,
  server_fqdn: fqdnOf,
  wave_name: (k) => `Wave ${k % 3}`,
  wave_id: (k) => `Wave ${k % 3}`,
  app_name: (k) => `Application, ${k % 4}`,
  r_type: () => 'Rehost',
  subnet_IDs: () => 'subnet-a1;subnet-a2',
  'mgn:wave:name': (k) => `Wave ${k % 3}`,
  // An application of MGN is in one wave.
  'mgn:app:name': (k) => `Application, ${k % 3}`,
  'mgn:server:user-provided-id': nameOf,
  'mgn:server:fqdn-for-action-framework': fqdnOf,
  'mgn:launch:instance-type': () => 'm6i.large',
  VM: nameOf,
  Powerstate: () => 'poweredOn',
  Template: () => 'False',
  'SRM Placeholder': () => 'False',
  'DNS Name': fqdnOf,
  Memory: () => '16,384',
  'Primary IP Address': (k) => `10.17.${k}.1`,
  'IPv4 Address': (k) => `10.17.${k}.1, 10.18.${k}.1`,
  'Mac Address': (k, copy) => macOf(k, copy + 1),
  Folder: (k) => `/Lyon/vm/folder-${two(k)}`,
  Annotation: (k) => (k % 4 === 0 ? `the "old" rack,\nrow ${k}` : ''),
  'VM ID': (k) => `vm-${two(k)}`,
  'SMBIOS UUID': (k) => `422e0000-0000-4000-8000-0000000000${two(k)}`,
  'VI SDK UUID': () => 'vcenter-a',
  ExternalId: (k) => `inv-${two(k)}`,
  SMBiosId: (k) => `422e0000-0000-4000-8000-0000000000${two(k)}`,
  IPAddress: (k) => `10.17.${k}.1, 10.18.${k}.1`,
  MACAddress: (k) => `${macOf(k, 1)}, ${macOf(k, 2)}`,
  HostName: fqdnOf,
  'VMware.MoRefId': (k) => `vm-${two(k)}`,
  'VMware.VCenterId': () => 'vcenter-a',
  'VMware.VMName': nameOf,
  ApplicationWave: (k) => `Wave ${k % 3}`,
  ServerId: (k) => `d-server-00000000${two(k)}`,
  'Server.HostName': fqdnOf,
  'Server.VMware.VMname': nameOf,
  'Server.VMware.MoRefId': (k) => `vm-${two(k)}`,
  'Server.VMware.VCenterId': () => 'vcenter-a',
  '*Server name': nameOf,
  'IP addresses': (k) => `10.17.${k}.1;10.18.${k}.1`,
};

/** A file with the header of a fixture. */
function soundFile(name: string, { delimiter = ',', end = '\n', rowsEach = 1 } = {}): SoundFile {
  const [line = ''] = fixtureBytes(name).toString().replace('\uFEFF', '').split(/\r?\n/);
  const header = line.split(',').map((cell) => cell.replaceAll('"', ''));
  const rows = Array.from({ length: SERVERS * rowsEach }, (_, i) => {
    const server = 11 + Math.floor(i / rowsEach);
    return { server, cells: header.map((column) => CELLS[column]?.(server, i % rowsEach) ?? '') };
  });
  return { name, delimiter, end, header, rows };
}

/** Files of each format, alone and together, with the delimiters and line ends that people have. */
export const SOUND_SETS: SoundSet[] = [
  [soundFile('intake-wave-name.csv')],
  [soundFile('intake-cloudendure-project.csv', { delimiter: ';', end: '\r\n' })],
  [soundFile('mgn-import.csv', { delimiter: '\t' })],
  [soundFile('discovery-import.csv', { end: '\r\n' })],
  [soundFile('discovery-export.csv')],
  [soundFile('azure-migrate.csv', { end: '\r' })],
  [soundFile('rvtools-3-vinfo.csv', { delimiter: ';' })],
  [
    soundFile('intake-wave-name.csv'),
    soundFile('rvtools-4-vinfo.csv'),
    soundFile('rvtools-4-vnetwork.csv', { rowsEach: 2 }),
  ],
  [soundFile('mgn-import.csv'), soundFile('discovery-export.csv', { end: '\r\n' })],
  [soundFile('intake-wave-name.csv'), soundFile('discovery-export.csv'), soundFile('rvtools-4-vinfo.csv')],
];

/** A cell in a file. */
export function quotedCell(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A row in a file, without its line end. */
export const rowText = ({ delimiter }: SoundFile, cells: string[]): string =>
  cells.map((cell) => quotedCell(cell, delimiter)).join(delimiter);

/** The lines of a file: its header, and a text for each row. */
export const linesOf = (file: SoundFile): string[] => [
  rowText(file, file.header),
  ...file.rows.map(({ cells }) => rowText(file, cells)),
];
