import type { Columns } from './columns';
import type { Format, Meaning } from './format';

/** Some versions write their internal names (`vInfoVMName`) as headers. */
const SHARED: Partial<Record<Meaning, string[]>> = {
  managerId: ['VI SDK UUID', 'vCenter UUID'],
  vmId: ['VM ID'],
};
const isOfVms = (columns: Columns) => columns.hasAll('VM', 'Powerstate');
/** Columns that vInfo has, and vNetwork never. */
const OF_MACHINES = ['DNS Name', 'Primary IP Address', 'SMBIOS UUID', 'Guest state', 'CPUs', 'Memory', 'NICs'];

/** People add the MAC address to vInfo, and leave out columns of vNetwork. */
const isOfAdapters = (columns: Columns) =>
  columns.has('vNetworkVMName') ||
  (isOfVms(columns) &&
    (columns.has('NIC label') || (columns.has('Mac Address') && !OF_MACHINES.some((name) => columns.has(name)))));

/** The tab vInfo of RVTools: a row for each virtual machine, template and placeholder. */
export const VINFO: Format = {
  name: 'RVTools vInfo tab',
  source: 'RVTools',
  role: () => 'identity',
  isOf: (columns) => (isOfVms(columns) || columns.has('vInfoVMName')) && otherTab(columns) === undefined,
  isNamedAsItStands: true,
  columns: {
    ...SHARED,
    name: ['VM', 'vInfoVMName'],
    fqdn: ['DNS Name', 'vInfoGuestHostName'],
    addresses: ['Primary IP Address', 'vInfoPrimaryIPAddress', 'Mac Address'],
    vmName: ['VM', 'vInfoVMName'],
    vmPath: ['Folder', 'vInfoFolder'],
    biosId: ['SMBIOS UUID'],
    template: ['Template', 'vInfoTemplate'],
    placeholder: ['SRM Placeholder', 'vInfoSRMPlaceholder'],
  },
  unused: { 'VM UUID': 'it is no BIOS_ID, but the id that vCenter gives' },
};

/** The tab vNetwork: a row for each network adapter of a virtual machine. */
export const VNETWORK: Format = {
  name: 'RVTools vNetwork tab',
  source: 'RVTools',
  role: () => 'identity',
  isOf: isOfAdapters,
  isNamedAsItStands: true,
  isOfAdapters: true,
  columns: {
    ...SHARED,
    name: ['VM', 'vNetworkVMName'],
    addresses: ['Mac Address', 'vNetworkMacAddress', 'IPv4 Address', 'IPv6 Address', 'IP Address'],
    vmName: ['VM', 'vNetworkVMName'],
    vmPath: ['Folder'],
    template: ['Template', 'vNetworkTemplate'],
    placeholder: ['SRM Placeholder', 'vNetworkSRMPlaceholder'],
  },
};

/** The other tabs, by columns that no tab above has; some list virtual machines, too. */
const OTHER_TABS: [tab: string, columns: string[]][] = [
  ['vCPU', ['VM', 'Sockets', 'Cores p/s']],
  ['vMemory', ['VM', 'Size MiB', 'Overhead']],
  ['vMemory', ['VM', 'Size MB', 'Overhead']],
  ['vDisk', ['VM', 'Disk', 'Disk Mode']],
  ['vDisk', ['VM', 'Disk Key']],
  ['vPartition', ['VM', 'Disk', 'Free %']],
  ['vSnapshot', ['VM', 'Date / time', 'Filename']],
  ['vTools', ['VM', 'Tools', 'Tools Version']],
  ['vCD', ['VM', 'Device Node', 'Device Type']],
  ['vUSB', ['VM', 'Device Node', 'Device Type', 'Family']],
  ['vHost', ['Host', 'ESX Version']],
  ['vHBA', ['Host', 'WWN']],
  ['vNIC', ['Host', 'Network Device', 'WakeOn']],
  ['vSC_VMK', ['Host', 'Port Group', 'Subnet mask']],
  ['vSwitch', ['Host', 'Switch', '# Ports']],
  ['vPort', ['Host', 'Port Group', 'VLAN']],
  ['dvSwitch', ['Switch', 'Max Ports', 'VI SDK UUID']],
  ['dvPort', ['Port', 'Switch', 'VI SDK UUID']],
  ['vMultiPath', ['Host', 'Datastore', 'Disk', 'Policy']],
  ['vCluster', ['Name', 'NumHosts', 'DRS enabled']],
  ['vDatastore', ['Name', 'SIOC enabled']],
  ['vRP', ['Resource Pool name', 'Resource Pool path']],
  ['vSource', ['Name', 'API type', 'Patch level']],
  ['vLicense', ['Name', 'Key', 'Expiration Date']],
  ['vFileInfo', ['File Name', 'File Type', 'File Size in bytes']],
  ['vHealth', ['Name', 'Message', 'Message type']],
];

/** The name of another tab that has these columns. */
export function otherTab(columns: Columns): string | undefined {
  return OTHER_TABS.find(([, names]) => columns.hasAll(...names))?.[0];
}
