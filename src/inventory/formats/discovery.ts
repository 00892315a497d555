import type { Columns } from './columns';
import type { Format, Meaning } from './format';

const COLUMNS: Partial<Record<Meaning, string[]>> = {
  name: ['HostName', 'VMware.VMName', 'ExternalId'],
  application: ['Applications'],
  fqdn: ['HostName'],
  addresses: ['IPAddress', 'MACAddress'],
  managerId: ['VMware.VCenterId'],
  vmId: ['VMware.MoRefId'],
  vmName: ['VMware.VMName'],
  vmPath: ['VMware.vmFolderPath'],
  biosId: ['SMBiosId'],
};

/** Those of an export have a prefix, but for the id. */
const EXPORTED = Object.fromEntries(
  Object.entries(COLUMNS).map(([meaning, names]) => [
    meaning,
    names.map((name) => (name === 'Applications' ? name : `Server.${name}`)),
  ]),
) as typeof COLUMNS;

const WAVE = 'ApplicationWave';
const isVMware = (columns: Columns, prefix: string) => columns.some((name) => name.startsWith(`${prefix}vmware.`));

/** The import template of AWS Application Discovery Service (AWS Migration Hub import). */
export const DISCOVERY_IMPORT: Format = {
  name: 'AWS Application Discovery Service import template',
  source: 'ADS import',
  role: (columns) => (columns.has(WAVE) ? 'both' : 'identity'),
  isOf: (columns) => ['ExternalId', 'SMBiosId', WAVE].some((name) => columns.has(name)) || isVMware(columns, ''),
  columns: { ...COLUMNS, wave: [WAVE], discoveredResource: ['ServerId'] },
};

/** What AWS Application Discovery Service (AWS Migration Hub) exports of its servers. */
export const DISCOVERY_EXPORT: Format = {
  name: 'AWS Application Discovery Service export',
  source: 'ADS export',
  role: () => 'identity',
  isOf: (columns) => columns.some((name) => name.startsWith('server.')) && columns.has('ServerId'),
  columns: { ...EXPORTED, discoveredResource: ['ServerId'] },
};
