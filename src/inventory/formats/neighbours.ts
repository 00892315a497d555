import type { Columns } from './columns';
import { otherTab } from './rvtools';

/** A file that people have beside those that are read: what it is, and what to use instead. */
export interface Neighbour {
  /** For people. */
  name: string;
  /** What to do. */
  mend: string;
}

const WAVE_FILE =
  'Use the wave file: an intake form of Cloud Migration Factory, or an import file of AWS Application Migration Service.';
const INVENTORY = 'Use an export of RVTools (vInfo and vNetwork), Application Discovery Service or Azure Migrate.';

const NEIGHBOURS: [name: string, isOf: (columns: Columns) => boolean, mend: string][] = [
  ['a CloudEndure blueprint', (columns) => columns.headers[0] === 'project:', WAVE_FILE],
  [
    'a file of the AWS MGN LaunchTemplate Manager',
    (columns) =>
      columns.has('Server_Name') &&
      ['Instance_type_right_sizing', 'EC2_Instance_type'].some((name) => columns.has(name)),
    WAVE_FILE,
  ],
  ['a Google Migration Center vmInfo file', (columns) => columns.hasAll('MachineId', 'MachineName'), INVENTORY],
  ['a Nutanix Prism export', (columns) => columns.hasAll('VM Name', 'IP Addresses', 'Power State'), INVENTORY],
  ['an export of IP addresses', (columns) => columns.hasAll('IP Address', 'Name', 'MAC Address'), INVENTORY],
  [
    'a VMware Aria Operations (vROps) export',
    (columns) => columns.some((name) => /^[a-z ]+\|.+/.test(name)),
    INVENTORY,
  ],
  [
    'a Cloud Migration Factory tags file',
    (columns) => columns.index('Name') === 0 && columns.headers.length > 1,
    `It has tags of servers, not their waves. ${WAVE_FILE}`,
  ],
];

/** What these columns are of, where that is known and not read. */
export function neighbourOf(columns: Columns): Neighbour | undefined {
  const tab = otherTab(columns);
  if (tab !== undefined)
    return {
      name: `the tab ${tab} of RVTools`,
      mend: 'Use the tabs vInfo and vNetwork (RVTools_tabvInfo.csv, RVTools_tabvNetwork.csv).',
    };
  const found = NEIGHBOURS.find(([, isOf]) => isOf(columns));
  return found && { name: found[0], mend: found[2] };
}
