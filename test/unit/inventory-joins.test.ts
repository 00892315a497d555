import { describe, expect, it } from 'vitest';
import { readInventory, type RowOutcome } from '../../src/inventory';
import { attributesOf, fileOf, fixtureBytes, namesOf, readFixtures, readTexts, textOf, told } from './inventory';

const WAVE = 'server_name,app_name,wave_name,server_fqdn';
const VMS = 'VM,Powerstate,DNS Name,Primary IP Address,Folder,VM ID,VI SDK UUID';
const NICS = 'VM,Powerstate,NIC label,Mac Address,VM ID,VI SDK UUID';
const ADS = 'ExternalId,HostName,VMware.VMName,VMware.MoRefId,VMware.VCenterId';
const AZURE = '*Server name,IP addresses';
const vm = (name: string, dns: string, id: number) => `${name},on,${dns},10.0.0.${id},/f,vm-${id},vc`;

describe('a wave file and an inventory', () => {
  it('are joined: wave and application of one, the identity of the other', async () => {
    const inventory = await readFixtures('intake-wave-name.csv', 'rvtools-4-vinfo.csv', 'rvtools-4-vnetwork.csv');
    // Of mail-1 the wave file has the FQDN of another server, and which of both has that is not certain.
    expect(told(inventory.problems)).toEqual([
      expect.stringMatching(
        /^intake-wave-name.csv:3:1: 2 servers \(.*, line 3; .*, line 4\) match the same row \(rvtools-4-vinfo.csv, line 3\)/,
      ),
      expect.stringMatching(
        /^intake-wave-name.csv:4:1: its names belong to different servers: "mail-1" is in rvtools-4-vinfo.csv, line 4; "pay-web-1.corp.example" is in rvtools-4-vinfo.csv, line 3. Correct/,
      ),
    ]);
    expect(namesOf(inventory)).toEqual(['pay-db-1']);
    expect(inventory.servers[0]).toMatchObject({
      wave: 'April',
      application: 'payroll',
      fqdn: 'pay-db-1.corp.example',
    });
    expect(attributesOf(inventory, 'pay-db-1')).toHaveLength(12);
    expect(inventory.servers[0]?.from).toEqual([
      { file: 'intake-wave-name.csv', line: 2 },
      { file: 'rvtools-4-vinfo.csv', line: 2 },
      { file: 'rvtools-4-vnetwork.csv', line: 2 },
      { file: 'rvtools-4-vnetwork.csv', line: 3 },
    ]);
    expect(inventory.files[1]?.notes).toEqual(
      expect.arrayContaining(['1 row skipped: a template', '1 row skipped: a placeholder of Site Recovery Manager']),
    );
  });

  it('are joined in either order, and more than one inventory at once', async () => {
    const [one, other] = await Promise.all([
      readFixtures('mgn-import.csv', 'discovery-export.csv', 'rvtools-4-vinfo.csv'),
      readFixtures('rvtools-4-vinfo.csv', 'discovery-export.csv', 'mgn-import.csv'),
    ]);
    expect(
      one.servers.map(({ from, ...rest }) => [rest.migrationTaskName, from.length, rest.discoveredResource]),
    ).toEqual([
      ['pay-db-1', 3, 'd-server-0a1b2c3d4e5f60'],
      ['pay-web-1', 2, undefined],
      ['mail-1.corp.example', 3, 'd-server-0a1b2c3d4e5f61'],
    ]);
    expect(new Set(attributesOf(other, 'pay-db-1'))).toEqual(new Set(attributesOf(one, 'pay-db-1')));
    // In the inventory, it has the BIOS_ID of a clone.
    expect(told(one.warnings)).toEqual([
      expect.stringMatching(/^mgn-import.csv:4:\d+: the BIOS_ID .* is also that of mgn-import.csv, line 2/),
    ]);
  });

  it.each([
    ['its name, whatever its case', 'WEB,x,1,', 'web,on,,10.0.0.1,/f,vm-1,vc'],
    ['its FQDN', 'other,x,1,web.corp.example', vm('web', 'WEB.corp.example', 1)],
    ['a name that is an FQDN', 'web.corp.example,x,1,', vm('vm-of-web', 'web.corp.example', 1)],
    ['an FQDN that is the name of a machine', 'a,x,1,web.corp.example', vm('web.corp.example', '', 1)],
    ['a host name without a domain', 'web,x,1,', vm('vm-of-web', 'web', 1)],
  ])('are joined by %s', async (_what, row, machine) => {
    const inventory = await readTexts(textOf(WAVE, row), textOf(VMS, machine, vm('second', '', 9)));
    expect(inventory.problems).toEqual([]);
    expect(inventory.servers[0]?.resourceAttributes).toContainEqual({
      type: 'VM_MANAGED_OBJECT_REFERENCE',
      value: 'vm-1',
    });
  });

  it('are never joined by a part of a name', async () => {
    const inventory = await readTexts(
      textOf(WAVE, 'web,x,1,web.old.example'),
      textOf(VMS, vm('web-1', 'web.corp.example', 1)),
    );
    expect(inventory.servers[0]?.from).toHaveLength(1);
    expect(told(inventory.warnings)).toEqual([expect.stringMatching(/^a.csv:2:1: no inventory has its name or FQDN/)]);
  });

  it('are refused where one key is that of two rows, unless another tells which', async () => {
    const machines = textOf(VMS, vm('web', 'web.a.example', 1), vm('web', 'web.b.example', 2));
    const refused = await readTexts(textOf(WAVE, 'web,x,1,'), machines);
    expect(refused.servers).toEqual([]);
    expect(told(refused.problems)).toEqual([
      expect.stringMatching(
        /^a.csv:2:1: "web" is found in 2 rows \(b.csv, line 2; b.csv, line 3\), and it is not clear which/,
      ),
    ]);
    const told2 = await readTexts(textOf(WAVE, 'web,x,1,web.b.example'), machines);
    expect(told2.servers[0]?.resourceAttributes).toContainEqual({ type: 'VM_MANAGED_OBJECT_REFERENCE', value: 'vm-2' });
  });

  it('are refused where two servers are found in one row', async () => {
    const rows = ['a,x,1,web.corp.example', 'b,x,1,web.corp.example', 'c,x,1,'];
    const inventory = await readTexts(textOf(WAVE, ...rows), textOf(VMS, vm('web', 'web.corp.example', 1)));
    expect(namesOf(inventory)).toEqual(['c']);
    expect(inventory.problems.map(({ line }) => line)).toEqual([2, 3]);
    expect(told(inventory.problems)[0]).toContain(
      '2 servers (a.csv, line 2; a.csv, line 3) match the same row (b.csv, line 2)',
    );
  });

  it('with names that agree and FQDNs that do not are refused', async () => {
    const { problems, servers } = await readTexts(
      textOf(WAVE, 'web,x,1,web.new.example'),
      textOf(VMS, vm('web', 'web.old.example', 1)),
    );
    expect(servers).toEqual([]);
    expect(told(problems)).toEqual([
      'a.csv:2:1: it is found in b.csv, line 2, but that may be another server: the FQDN is "web.old.example" there, and "web.new.example" here. Correct what is wrong, or remove one of the rows.',
    ]);
  });

  it('are refused where rows of two inventories are of the same name, but of two servers', async () => {
    const wave = textOf(WAVE, 'web,x,1,');
    const ofMachines = await readTexts(wave, textOf(ADS, 'e1,,web,vm-12,vca'), textOf(VMS, 'web,on,,,,vm-99,vcb'));
    expect(ofMachines.servers).toEqual([]);
    expect(told(ofMachines.problems)).toEqual([
      expect.stringMatching(
        /^a.csv:2:1: it is found in c.csv, line 2, but .* the vCenter is "vcb" there, and "vca" in b.csv, line 2\. Correct/,
      ),
    ]);
    const ofHosts = await readTexts(
      wave,
      textOf(ADS, 'e1,web.a.example,web,,'),
      textOf(VMS, vm('web', 'web.b.example', 1)),
    );
    expect(told(ofHosts.problems)).toEqual([
      expect.stringContaining('the FQDN is "web.b.example" there, and "web.a.example" in b.csv, line 2'),
    ]);
  });

  it('are joined by what a row has that is joined already, if their own names find none', async () => {
    const { servers } = await readTexts(
      textOf(WAVE, 'web,x,1,'),
      textOf(ADS, 'e1,,web,vm-1,vc'),
      textOf(VMS, vm('renamed', '', 1)),
    );
    expect(servers[0]?.from.map(({ file }) => file)).toEqual(['a.csv', 'b.csv', 'c.csv']);
  });

  it('the rows of the inventory that no wave has are skipped and counted', async () => {
    const inventory = await readTexts(
      textOf(WAVE, 'a,x,1,'),
      textOf(VMS, vm('a', '', 1), vm('b', '', 2), vm('c', '', 3)),
    );
    expect(namesOf(inventory)).toEqual(['a']);
    expect(inventory.files[1]?.notes).toContain('2 rows skipped: not joined to any row of a wave file');
  });

  it('a row of the inventory that has an error is not joined, and what it tells of is refused', async () => {
    const inventory = await readTexts(
      textOf(WAVE, 'a,x,1,', 'b,x,1,'),
      textOf(VMS, `${vm('a', '', 1)},,x`, vm('b', '', 2)),
    );
    expect(namesOf(inventory)).toEqual(['b']);
    expect(told(inventory.problems)).toEqual([
      expect.stringContaining('a.csv:2:1: the row of the same server (b.csv, line 2) has an error'),
      expect.stringContaining('b.csv:2:28: "x" stands in a column without a name'),
    ]);
  });
});

describe('no inventory becomes a list of tasks by a slip', () => {
  const machines = textOf(VMS, vm('a', '', 1), vm('b', '', 2));

  it('where the wave file cannot be read', async () => {
    for (const wave of [textOf(WAVE, '"a,x,1,'), textOf('hostname_x,y', 'a,x'), '', Buffer.from([0xff, 0x41, 0x41])])
      expect((await readTexts(wave, machines)).servers).toEqual([]);
  });

  it('where a row of the wave file is wrong', async () => {
    expect(namesOf(await readTexts(textOf(WAVE, ',x,1,'), machines))).toEqual([]);
  });

  it('without a wave file it does, and each row is a task', async () => {
    expect(namesOf(await readTexts(machines))).toEqual(['a', 'b']);
  });

  it('an import template with waves leads an inventory without', async () => {
    const inventory = await readTexts('HostName,ApplicationWave\nb,7\n', machines);
    expect(inventory.servers).toMatchObject([
      { migrationTaskName: 'b', wave: '7', from: [{ file: 'a.csv' }, { file: 'b.csv' }] },
    ]);
  });
});

describe('inventories without a wave file', () => {
  it('of two sources are one list: what is of one server is joined', async () => {
    const discovery =
      'HostName,VMware.VMName,VMware.MoRefId,VMware.VCenterId,ExternalId\nweb.corp.example,web,vm-1,vc,e1\nlone.corp.example,,,,e2\n';
    const inventory = await readTexts(textOf(VMS, vm('renamed', '', 1), vm('b', '', 2)), discovery);
    expect(inventory.servers.map(({ migrationTaskName, from }) => [migrationTaskName, from.length])).toEqual([
      ['renamed', 2],
      ['b', 1],
      ['lone.corp.example', 1],
    ]);
  });

  it.each([
    ['vCenter', 'web,on,,,,vm-12,vcb'],
    ['VM id', 'web,on,,,,vm-99,vca'],
    ['VM id', 'web,on,,,,vm-99,'],
    ['FQDN', 'web,on,web.b.example,,,,'],
  ])('are refused where rows of one name have another %s', async (what, machine) => {
    const inventory = await readTexts(textOf(ADS, 'e1,web.a.example,web,vm-12,vca'), textOf(VMS, machine));
    expect(inventory.servers).toEqual([]);
    expect(told(inventory.problems)).toEqual([
      expect.stringMatching(
        `^a.csv:2:4: it is found in b.csv, line 2, but that may be another server: the ${what} is `,
      ),
    ]);
  });

  it('are joined with a warning where one virtual machine has two FQDNs', async () => {
    const inventory = await readTexts(
      textOf(ADS, 'e1,web.a.example,web,vm-12,vca'),
      textOf(VMS, 'web,on,web.b.example,,,vm-12,vca'),
    );
    expect([inventory.problems, inventory.servers[0]?.from.length]).toEqual([[], 2]);
    expect(told(inventory.warnings)).toEqual([
      expect.stringContaining('the FQDN is "web.b.example" there, and "web.a.example" here. Correct the wrong one.'),
    ]);
  });

  it('of three sources are one list, too, whichever of them has a server', async () => {
    const inventory = await readTexts(
      textOf(VMS, vm('a', '', 1), vm('old', '', 3)),
      textOf(ADS, 'e1,,b,,', 'e2,,c,vm-3,vc'),
      textOf(AZURE, 'b,10.0.1.1', 'c,10.0.1.2', 'd,10.0.1.3'),
    );
    expect(inventory.problems).toEqual([]);
    expect(
      inventory.servers.map(({ migrationTaskName, from }) => [migrationTaskName, ...from.map(({ file }) => file[0])]),
    ).toEqual([
      ['a', 'a'],
      ['old', 'a', 'b', 'c'],
      ['b', 'b', 'c'],
      ['d', 'c'],
    ]);
  });

  it.each([
    [
      'in the first source',
      [textOf(VMS, `${vm('old', 'web.corp.example', 1)},,x`, vm('b', '', 2)), textOf(ADS, 'e1,web.corp.example,,,')],
    ],
    ['in another one', [textOf(AZURE, 'b,'), textOf(ADS, 'e1,,web,,,x'), textOf(VMS, vm('web', '', 1))]],
    ['in the last one', [textOf(AZURE, 'web,', 'b,'), textOf(VMS, `${vm('web', '', 1)},,x`)]],
  ])('yield no server of which a row %s has an error', async (_where, texts) => {
    expect(namesOf(await readTexts(...texts))).toEqual(['b']);
  });

  it('yield no server that may be that of a row that is not clear', async () => {
    const machines = textOf(VMS, vm('one', 'web.corp.example', 1), vm('two', 'web.corp.example', 2), vm('b', '', 3));
    const inventory = await readTexts(textOf(ADS, 'e1,web.corp.example,,,'), machines);
    expect(namesOf(inventory)).toEqual(['b']);
    expect(inventory.problems).toHaveLength(1);
  });
});

describe('the tabs of RVTools', () => {
  it('are joined by vCenter and VM ID, not by the name, which two machines may have', async () => {
    const machines = textOf(VMS, 'web,on,web.a.example,,,vm-1,vc1', 'web,on,web.b.example,,,vm-1,vc2');
    const nics = textOf(
      NICS,
      'web,on,1,00:50:56:00:00:01,vm-1,vc1',
      'web,on,1,00:50:56:00:00:02,vm-1,vc2',
      'web,on,2,00:50:56:00:00:03,vm-1,vc1',
    );
    const { servers } = await readTexts(textOf(WAVE, 'a,x,1,web.a.example', 'b,x,1,web.b.example'), machines, nics);
    const macs = servers.map(({ resourceAttributes }) =>
      resourceAttributes.filter(({ type }) => type === 'MAC_ADDRESS').map(({ value }) => value.slice(-2)),
    );
    expect(macs).toEqual([['01', '03'], ['02']]);
  });

  it('without the vCenter are joined by a name that only one machine has', async () => {
    const machines = 'VM,Powerstate,VM ID\nweb,on,vm-1\nweb,on,vm-2\nmail,on,vm-3\n';
    const nics = 'VM,Powerstate,Mac Address,VM ID\nweb,on,00:50:56:00:00:01,vm-2\nmail,on,00:50:56:00:00:03,vm-3\n';
    const inventory = await readTexts(textOf(WAVE, 'mail,x,1,'), machines, nics);
    expect(attributesOf(inventory, 'mail')).toEqual(['MAC_ADDRESS 00:50:56:00:00:03']);
    const nameless = await readTexts(machines, 'VM,Powerstate,Mac Address\nweb,on,00:50:56:00:00:01\n');
    expect(told(nameless.problems)).toContainEqual(
      expect.stringContaining('b.csv:2:1: its virtual machine is in 2 rows of vInfo'),
    );
  });

  it('are refused where an adapter has the id of another machine', async () => {
    const machines = textOf(VMS, vm('a', '', 1), vm('b', '', 2));
    const { problems } = await readTexts(machines, textOf(NICS, 'a,on,1,00:50:56:00:00:01,vm-2,vc'));
    const follows = 'the row of its network adapter (b.csv, line 2) has an error. Correct that row first.';
    expect(told(problems)).toEqual([
      `a.csv:2:1: ${follows}`,
      `a.csv:3:1: ${follows}`,
      expect.stringContaining(
        'b.csv:2:1: by VM ID and VI SDK UUID the adapter belongs to "b" (a.csv, line 3), but its column VM is "a"',
      ),
    ]);
  });

  it('yield no machine of which an adapter has an error', async () => {
    const wave = textOf(WAVE, 'a,x,1,', 'b,x,1,');
    const nics = ['a,on,1,00:50:56:00:00:01,vm-1,vc', 'a,on,2,00:50:56:00:00:02,vm-1,vc,x', 'b,on,1,,vm-2,vc'];
    const machines = textOf(VMS, vm('a', '', 1), vm('b', '', 2));
    for (const ofAdapters of [nics, nics.toReversed()]) {
      expect(namesOf(await readTexts(wave, machines, textOf(NICS, ...ofAdapters)))).toEqual(['b']);
      expect(namesOf(await readTexts(wave, textOf(NICS, ...ofAdapters)))).toEqual(['b']);
    }
    const byName = await readTexts(wave, machines, textOf(NICS, 'a,on,1,00:50:56:00:00:01,,,x'));
    expect(namesOf(byName)).toEqual(['b']);
  });

  it('give a machine without an id no adapters of two virtual machines', async () => {
    const nics = textOf(NICS, 'web,on,1,00:50:56:00:00:01,vm-1,vca', 'web,on,1,00:50:56:00:00:02,vm-7,vcb');
    const { servers, problems } = await readTexts('VM,Powerstate\nweb,on\n', nics);
    expect(servers).toEqual([]);
    expect(told(problems)).toContainEqual(
      expect.stringContaining('b.csv:3:1: vInfo has only one row of this name (a.csv, line 2), but vNetwork has two'),
    );
  });

  it('of several vCenters may be several files', async () => {
    const inventory = await readTexts(
      textOf(VMS, 'a,on,,,,vm-1,vc1'),
      textOf(VMS, 'b,on,,,,vm-1,vc2'),
      textOf(NICS, 'b,on,1,00:50:56:00:00:02,vm-1,vc2'),
    );
    expect(attributesOf(inventory, 'b')).toContain('MAC_ADDRESS 00:50:56:00:00:02');
    expect(attributesOf(inventory, 'a')).not.toContain('MAC_ADDRESS 00:50:56:00:00:02');
  });
});

describe('what became of each row', () => {
  it('is told in the order of files and lines, and why', async () => {
    const rows: RowOutcome[] = [];
    const files = ['intake-wave-name.csv', 'rvtools-4-vinfo.csv', 'rvtools-4-vnetwork.csv'].map((name) =>
      fileOf(name, fixtureBytes(name)),
    );
    await readInventory(files, { onRow: (row) => rows.push(row) });
    expect(
      rows.map(
        ({ file, line, outcome, migrationTaskName = '-' }) =>
          `${file[0]}${file[10]}${line} ${outcome} ${migrationTaskName}`,
      ),
    ).toEqual([
      'ie2 task pay-db-1',
      'ie3 error -',
      'ie4 error -',
      'rv2 joined pay-db-1',
      'rv3 skipped -',
      'rv4 skipped -',
      'rv5 skipped -',
      'rv6 skipped -',
      'rv7 skipped -',
      'rv8 skipped -',
      'rv2 joined pay-db-1',
      'rv3 joined pay-db-1',
      'rv4 skipped -',
      'rv5 skipped -',
      'rv6 skipped -',
      'rv7 skipped -',
    ]);
    expect(rows[3]?.why).toBe('by "pay-db-1" and "pay-db-1.corp.example"');
    expect(rows[7]?.why).toBe('a template');
  });

  it('each row has exactly one outcome, also in files that cannot be used', async () => {
    const rows: RowOutcome[] = [];
    const texts = [textOf(WAVE, 'a,x,1,', 'a,x,1,', 'b,x"y,1,', 'c,x,1,'), textOf(VMS, vm('a', '', 1), vm('z', '', 2))];
    await readInventory(
      texts.map((text, i) => fileOf(`${i}.csv`, text)),
      { onRow: (row) => rows.push(row) },
    );
    expect(rows.map(({ file, line, outcome }) => [file, line, outcome])).toEqual([
      ['0.csv', 2, 'error'],
      ['0.csv', 3, 'error'],
      ['0.csv', 4, 'error'],
      ['0.csv', 5, 'error'],
      ['1.csv', 2, 'skipped'],
      ['1.csv', 3, 'skipped'],
    ]);
  });
});
