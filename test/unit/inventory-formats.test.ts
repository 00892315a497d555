import { describe, expect, it } from 'vitest';
import { attributesOf, fixtureBytes, namesOf, readFixtures, readTexts, told } from './inventory';

const VCENTER = '6f1c2d3e-7a8b-4c9d-8e0f-a1b2c3d4e5f6';

describe('a file is known by its header', () => {
  it.each([
    ['intake-wave-name.csv', 'Cloud Migration Factory intake form', 'wave', 3],
    ['intake-wave-id.csv', 'Cloud Migration Factory intake form', 'wave', 2],
    ['intake-cloudendure-project.csv', 'Cloud Migration Factory intake form', 'wave', 1],
    ['intake-server-os.csv', 'Cloud Migration Factory intake form', 'wave', 1],
    ['intake-byte-order-mark.csv', 'Cloud Migration Factory intake form', 'wave', 1],
    ['mgn-import.csv', 'AWS Application Migration Service import', 'wave', 3],
    ['mgn-export.csv', 'AWS Application Migration Service import', 'wave', 1],
    ['discovery-import.csv', 'AWS Application Discovery Service import template', 'both', 3],
    ['discovery-export.csv', 'AWS Application Discovery Service export', 'identity', 2],
    ['rvtools-4-vinfo.csv', 'RVTools vInfo tab', 'identity', 7],
    ['rvtools-4-vnetwork.csv', 'RVTools vNetwork tab', 'identity', 6],
    ['rvtools-3-vinfo.csv', 'RVTools vInfo tab', 'identity', 3],
    ['azure-migrate.csv', 'Azure Migrate import', 'identity', 2],
  ])('%s', async (name, format, role, rows) => {
    const { files } = await readFixtures(name);
    expect(files).toMatchObject([{ name, format, role, rows, delimiter: ',' }]);
  });

  it.each([
    ['server-tags.csv', 'a Cloud Migration Factory tags file'],
    ['cloudendure-blueprint.yml', 'a CloudEndure blueprint'],
    ['launch-template-manager.csv', 'a file of the AWS MGN LaunchTemplate Manager'],
    ['rvtools-vhost.csv', 'the tab vHost of RVTools'],
  ])('%s is refused by what it is', async (name, what) => {
    const { files, servers, problems } = await readFixtures(name);
    expect({ files, servers }).toEqual({ files: [], servers: [] });
    expect(told(problems)).toEqual([
      expect.stringContaining(`${name}:1:1: the file is ${what}, which names no servers to migrate. `),
    ]);
  });

  it.each([
    ['VM,Powerstate,Template,SRM Placeholder,CPUs,Sockets,Cores p/s', 'the tab vCPU of RVTools'],
    ['VM,Powerstate,Template,SRM Placeholder,Disk,Disk Key,Disk Mode', 'the tab vDisk of RVTools'],
    ['MachineId,MachineName,PrimaryIPAddress', 'a Google Migration Center vmInfo file'],
    ['VM Name,IP Addresses,Cores,Memory Capacity,Storage,Power State,Categories', 'a Nutanix Prism export'],
    ['"IP Address","Name","MAC Address"', 'an export of IP addresses'],
    ['VM|CPU|Demand (MHz)|Avg,VM|Memory|Usage', 'a VMware Aria Operations (vROps) export'],
  ])('%s is refused by what it is', async (header, what) => {
    const { problems } = await readTexts(`${header}\n1,2,3\n`);
    expect(told(problems)).toEqual([expect.stringContaining(`a.csv:1:1: the file is ${what}, `)]);
  });

  it.each([
    ['PK\u0003\u0004workbook', 'a workbook (XLSX) or another ZIP archive'],
    [Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'a workbook (XLS)'],
    [Buffer.from('1f8b0800000000000000', 'hex'), 'compressed (gzip)'],
  ])('what is no text is refused by what it is', async (bytes, what) => {
    expect(told((await readTexts(bytes)).problems)).toEqual([
      expect.stringContaining(`a.csv:1:1: the file is ${what}`),
    ]);
  });

  it('one of no known format is told its own columns, and what is known', async () => {
    const { problems } = await readTexts('host,rack\na,b\n');
    expect(told(problems)).toEqual([
      expect.stringMatching(
        /^a.csv:1:1: no known format has these columns: "host", "rack". Known formats: AWS .*, RVTools/,
      ),
    ]);
  });
});

describe('a Cloud Migration Factory intake form', () => {
  it('gives wave, application and FQDN, and names its own columns as not read', async () => {
    const inventory = await readFixtures('intake-wave-name.csv');
    expect(inventory.problems).toEqual([]);
    expect(inventory.servers[0]).toEqual({
      migrationTaskName: 'pay-db-1',
      wave: 'April',
      application: 'payroll',
      fqdn: 'pay-db-1.corp.example',
      resourceAttributes: [{ type: 'FQDN', value: 'pay-db-1.corp.example' }],
      from: [{ file: 'intake-wave-name.csv', line: 2 }],
    });
    expect(inventory.files[0]?.ignoredColumns).toContain('tags');
    expect(told(inventory.warnings)).toEqual([
      expect.stringMatching(/^intake-wave-name.csv:4:1: the FQDN "pay-web-1.corp.example" is also that of/),
    ]);
  });

  it('may have the schema before its headers, a wave by number, and an id of Application Discovery Service as name', async () => {
    const { servers } = await readTexts('[server]server_name,[app]app_name,[wave]wave_id\nd-server-0a1b2c,crm,7\n');
    expect(servers).toMatchObject([
      { migrationTaskName: 'd-server-0a1b2c', wave: '7', discoveredResource: 'd-server-0a1b2c' },
    ]);
  });

  it('has rows that are not migrated', async () => {
    const rows = ['a,x,Retire', 'b,x,retain', 'c,x,Rehost', 'd,x,', 'e,x,Relocate'];
    const inventory = await readTexts(['server_name,app_name,r_type', ...rows].join('\n'));
    expect(namesOf(inventory)).toEqual(['c', 'd', 'e']);
    expect(inventory.files[0]?.notes).toContain('1 row skipped: Retire: the server is not migrated');
  });
});

describe('an AWS Application Migration Service import file', () => {
  it('names a task by user-provided-id, else by the Name tag, else by the FQDN', async () => {
    const inventory = await readFixtures('mgn-import.csv');
    expect(namesOf(inventory)).toEqual(['pay-db-1', 'pay-web-1', 'mail-1.corp.example']);
    expect(inventory.servers[2]).not.toHaveProperty('wave');
    expect(inventory.problems).toEqual([]);
  });

  it('has addresses of targets, which are no attributes, and states, which are noted', async () => {
    expect(attributesOf(await readFixtures('mgn-import.csv'), 'pay-web-1')).toEqual([]);
    const { files } = await readFixtures('mgn-export.csv');
    expect(files[0]?.notes).toContain('column mgn:server:lifecycle-state is not used: tasks begin as NOT_STARTED');
  });

  it('may have keys of tags that differ only in case', async () => {
    expect(namesOf(await readTexts('mgn:server:tag:name,mgn:server:tag:Name\nno,yes\n'))).toEqual(['yes']);
  });

  it('may lack the wave, which is noted', async () => {
    const { files, problems } = await readTexts('mgn:server:user-provided-id\na\n');
    expect(problems).toEqual([]);
    expect(files[0]?.notes).toContain('no column mgn:wave:name: servers have no wave');
  });
});

describe('an Application Discovery Service file', () => {
  it('gives waves and identities, lists, and no VM attributes without a vCenter', async () => {
    const inventory = await readFixtures('discovery-import.csv');
    expect(namesOf(inventory)).toEqual(['pay-db-1.corp.example', 'pay-web-1', 'inv-3']);
    expect(inventory.servers[0]).toMatchObject({ wave: 'April', application: 'payroll, reports' });
    expect(attributesOf(inventory, 'pay-db-1.corp.example')).toEqual([
      'FQDN pay-db-1.corp.example',
      `VM_MANAGER_ID ${VCENTER}`,
      'VM_MANAGED_OBJECT_REFERENCE vm-101',
      'VM_NAME pay-db-1',
      'BIOS_ID 422e0000-0000-4000-8000-000000000065',
      'IPV4_ADDRESS 10.17.0.11',
      'IPV4_ADDRESS 10.18.0.11',
      'MAC_ADDRESS 00:50:56:ab:00:01',
      'MAC_ADDRESS 00:50:56:ab:00:02',
    ]);
    expect(attributesOf(inventory, 'pay-web-1')).toEqual(['IPV4_ADDRESS 10.17.0.12']);
    expect(inventory.servers[2]?.discoveredResource).toBe('d-server-00000000000003');
  });

  it('may be an export, with the id to associate and the folder', async () => {
    const inventory = await readFixtures('discovery-export.csv');
    expect(inventory.servers[0]?.discoveredResource).toBe('d-server-0a1b2c3d4e5f60');
    expect(attributesOf(inventory, 'pay-db-1.corp.example')).toContain('VM_PATH /Lyon/vm/payroll');
  });

  it('is read by name, whatever the case and order of its headers', async () => {
    const inventory = await readTexts(
      'VMWare.vCenterId,vmware.morefid,HOSTNAME,MacAddress\nvc,vm-1,a,00:50:56:ab:00:01\n',
    );
    expect(attributesOf(inventory, 'a')).toEqual([
      'VM_MANAGER_ID vc',
      'VM_MANAGED_OBJECT_REFERENCE vm-1',
      'MAC_ADDRESS 00:50:56:ab:00:01',
    ]);
  });
});

describe('an export of RVTools', () => {
  it('gives the whole identity of machines, of both tabs, without templates and placeholders', async () => {
    const inventory = await readFixtures('rvtools-4-vinfo.csv', 'rvtools-4-vnetwork.csv');
    expect(inventory.problems).toEqual([]);
    expect(namesOf(inventory)).toEqual(['pay-db-1', 'pay-web-1', 'mail-1', 'Größe 1', 'print-1']);
    expect(attributesOf(inventory, 'pay-db-1')).toEqual([
      'FQDN pay-db-1.corp.example',
      `VM_MANAGER_ID ${VCENTER}`,
      'VM_MANAGED_OBJECT_REFERENCE vm-101',
      'VM_NAME pay-db-1',
      'VM_PATH /Lyon/vm/payroll',
      'BIOS_ID 422e0000-0000-4000-8000-000000000065',
      'IPV4_ADDRESS 10.17.0.11',
      'IPV4_ADDRESS 10.18.0.11',
      'IPV4_ADDRESS 10.19.0.11',
      'IPV6_ADDRESS 2001:0db8:0017:0000:0000:0000:0000:0011',
      'MAC_ADDRESS 00:50:56:ab:00:01',
      'MAC_ADDRESS 00:50:56:ab:00:02',
    ]);
    expect(inventory.servers[0]?.from.map(({ line }) => line)).toEqual([2, 2, 3]);
  });

  it('takes the folder from vNetwork where vInfo has none', async () => {
    expect(attributesOf(await readFixtures('rvtools-4-vinfo.csv'), 'pay-web-1')).not.toContain(
      'VM_PATH /Lyon/vm/payroll',
    );
    const both = await readFixtures('rvtools-4-vinfo.csv', 'rvtools-4-vnetwork.csv');
    expect(attributesOf(both, 'pay-web-1')).toContain('VM_PATH /Lyon/vm/payroll');
  });

  it('of version 3 has numbers as names, line ends in cells, columns of users in the middle, and no BIOS_ID', async () => {
    const inventory = await readFixtures('rvtools-3-vinfo.csv');
    expect(inventory.problems).toEqual([]);
    expect(namesOf(inventory)).toEqual(['77', 'stock-1', 'stock-2']);
    expect(inventory.servers.map(({ from }) => from[0]?.line)).toEqual([2, 3, 5]);
    expect(attributesOf(inventory, '77')).toEqual([
      'FQDN 77.corp.example',
      'VM_MANAGER_ID 0C5F7D11-7F0A-4B6E-9C44-5D1B2A3C4E5F',
      'VM_MANAGED_OBJECT_REFERENCE vm-201',
      'VM_NAME 77',
    ]);
    expect(inventory.files[0]?.notes).toEqual(
      expect.arrayContaining([
        'no column SMBIOS UUID: BIOS_ID is not known',
        'column VM UUID is not used: it is no BIOS_ID, but the id that vCenter gives',
        'columns without a name are not read: 52',
        '1 row has a host name without a domain: it is not an FQDN, and is used only to join rows',
      ]),
    );
    expect(inventory.files[0]?.ignoredColumns).toEqual(expect.arrayContaining(['Backup.Owner', '2024', 'LAST_BACKUP']));
  });

  it('may have the internal names of columns, and the older name of the vCenter', async () => {
    const inventory = await readTexts(
      'vInfoVMName,vInfoGuestHostName,vInfoPrimaryIPAddress,vInfoTemplate,vCenter UUID\na,a.corp.example,10.0.0.1,False,vc\nt,,,True,vc\n',
    );
    expect(inventory.servers).toHaveLength(1);
    expect(attributesOf(inventory, 'a')).toEqual([
      'FQDN a.corp.example',
      'VM_MANAGER_ID vc',
      'VM_NAME a',
      'IPV4_ADDRESS 10.0.0.1',
    ]);
  });

  it('that is vNetwork alone is grouped by vCenter and id, and refused without them', async () => {
    const header = 'VM,Powerstate,NIC label,Mac Address,VM ID,VI SDK UUID';
    const rows = [
      'a,on,1,00:50:56:ab:00:01,vm-1,vc1',
      'b,on,1,00:50:56:ab:00:02,vm-1,vc2',
      'a,on,2,00:50:56:ab:00:03,vm-1,vc1',
    ];
    const inventory = await readTexts([header, ...rows].join('\n'));
    expect(namesOf(inventory)).toEqual(['a', 'b']);
    expect(attributesOf(inventory, 'a')).toEqual(
      expect.arrayContaining(['MAC_ADDRESS 00:50:56:ab:00:01', 'MAC_ADDRESS 00:50:56:ab:00:03']),
    );
    const { problems } = await readTexts('VM,Powerstate,Mac Address\na,on,00:50:56:ab:00:01\n');
    expect(told(problems)).toEqual([
      expect.stringContaining('a.csv:2:1: without VM ID and VI SDK UUID it is not clear which adapters'),
    ]);
  });
});

describe('an Azure Migrate import file', () => {
  it('gives names and addresses', async () => {
    const inventory = await readFixtures('azure-migrate.csv');
    expect(namesOf(inventory)).toEqual(['pay-db-1', '0042']);
    expect(attributesOf(inventory, 'pay-db-1')).toEqual(['IPV4_ADDRESS 10.17.0.11', 'IPV4_ADDRESS 10.18.0.11']);
  });
});

it('the files have the byte order mark and the line ends of their originals', () => {
  expect(fixtureBytes('intake-byte-order-mark.csv').subarray(0, 3)).toEqual(Buffer.from('\uFEFF'));
  expect(fixtureBytes('rvtools-3-vinfo.csv').includes('\r\n')).toBe(true);
});
