import { describe, expect, it } from 'vitest';
import { readInventory, type RowOutcome } from '../../src/inventory';
import { attributesOf, fileOf, namesOf, readTexts, textOf, told } from './inventory';

const WAVE = 'server_name,app_name,server_fqdn,r_type';
const VMS = 'VM,Powerstate,DNS Name,VM ID,SMBIOS UUID,VI SDK UUID';
const ADS = 'ExternalId,HostName,VMware.VMName,VMware.MoRefId,VMware.VCenterId,SMBiosId,ServerId';
const NICS = 'VM,Powerstate,NIC label,Mac Address,VM ID,VI SDK UUID';
const HOST = 'server6.example.local';

/** What became of the rows of texts. */
async function outcomesOf(...texts: string[]): Promise<RowOutcome[]> {
  const rows: RowOutcome[] = [];
  const files = texts.map((text, i) => fileOf(`${String.fromCharCode(97 + i)}.csv`, text));
  await readInventory(files, { onRow: (row) => rows.push(row) });
  return rows;
}

describe('a row of an inventory that two rows of a wave file may be of is of neither', () => {
  const machine = textOf(VMS, `Server6,on,${HOST},vm-6,,vc`);
  const second = `Server8,x,${HOST},Rehost`;
  const match = 'a.csv:3:1: 2 servers (a.csv, line 2; a.csv, line 3) match the same row (b.csv, line 2). Correct';

  it.each(['Retire', 'Retain'])('also if the one is skipped: %s', async (strategy) => {
    const wave = textOf(WAVE, `Server6,x,${HOST},${strategy}`, second);
    const { servers, problems, files } = await readTexts(wave, machine);
    expect(servers).toEqual([]);
    expect(told(problems)).toEqual([expect.stringContaining(match)]);
    expect(problems[0]?.message).toContain('Rows that are skipped or have an error count, too.');
    expect(files.map(({ notes }) => notes.at(-1))).toEqual([
      `1 row skipped: ${strategy}: the server is not migrated`,
      '1 row skipped: the row of the wave file that matches it is skipped',
    ]);
    expect((await outcomesOf(wave, machine)).map(({ outcome }) => outcome)).toEqual(['skipped', 'error', 'skipped']);
  });

  it.each([
    ['a cell too many', `Server6,x,${HOST},Rehost,oops`],
    ['no name', `,x,${HOST},Rehost`],
    ['another name that is too long', `${'x'.repeat(257)},x,${HOST},Rehost`],
    ['labels that are too long', `Server6,${'x'.repeat(1001)},${HOST},Rehost`],
  ])('also if the one has an error: %s', async (_what, row) => {
    const { servers, problems } = await readTexts(textOf(WAVE, row, second), machine);
    expect(servers).toEqual([]);
    expect(told(problems)).toContainEqual(expect.stringContaining(match));
  });

  it('also if the keys of the one are of several rows', async () => {
    const machines = textOf(VMS, `Server6,on,,vm-6,,vc`, `other,on,${HOST},vm-7,,vc`);
    const { servers, problems } = await readTexts(textOf(WAVE, `Server6,x,${HOST},Rehost`, second), machines);
    expect(servers).toEqual([]);
    expect(problems.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('in either order, and without an error for the row that is skipped', async () => {
    const { servers, problems } = await readTexts(textOf(WAVE, second, `Server6,x,${HOST},Retire`), machine);
    expect([servers.length, problems.map(({ line }) => line)]).toEqual([0, [2]]);
  });

  it('but a row that is skipped and nothing else has is no error, whatever is in it', async () => {
    const rows = [
      `Server6,x,${HOST},Retire`,
      `,,10.0.0.300,Retire`,
      `a:b,${'x'.repeat(1001)},,Retain`,
      `web,x,,Rehost`,
    ];
    const inventory = await readTexts(textOf(WAVE, ...rows), machine);
    expect([inventory.problems, namesOf(inventory)]).toEqual([[], ['web']]);
    expect(told(inventory.warnings)).toEqual([expect.stringContaining('a.csv:5:1: no inventory has its name')]);
  });
});

describe('a server that a wave file has twice', () => {
  it.each([
    ['Retire', 'Rehost', 3],
    ['Rehost', 'Retain', 2],
  ])('is refused also if it is once %s and once %s', async (one, other, line) => {
    const { servers, problems } = await readTexts(textOf(WAVE, `web,x,,${one}`, `WEB,x,,${other}`));
    expect(servers).toEqual([]);
    expect(told(problems)).toEqual([
      expect.stringMatching(
        new RegExp(`^a.csv:${line}:1: the task name "web" is also on line ${5 - line}, in a row that is skipped`, 'i'),
      ),
    ]);
  });

  it('is none if it is skipped twice', async () => {
    const { problems, files } = await readTexts(textOf(WAVE, 'web,x,,Retire', 'web,x,,Retire', 'b,x,,'));
    expect([problems, files[0]?.notes.at(-1)]).toEqual([[], '2 rows skipped: Retire: the server is not migrated']);
  });

  it('by its FQDN only is warned of where both become tasks, whatever is skipped', async () => {
    const rows = [`one,x,${HOST},Retire`, `two,x,${HOST},Rehost`, `three,x,${HOST},Rehost`];
    const { warnings } = await readTexts(textOf(WAVE, ...rows));
    expect(told(warnings)).toEqual([
      expect.stringContaining(`a.csv:4:1: the FQDN "${HOST}" is also that of a.csv, line 3`),
    ]);
    expect((await readTexts(textOf(WAVE, ...rows.slice(0, 2)))).warnings).toEqual([]);
  });

  it('and that is skipped, too, is told of with both', async () => {
    const rows = ['web,x,,Retire', 'web,x,,Rehost', 'WEB,x,,Rehost', 'b,x,,'];
    const { servers, problems } = await readTexts(textOf(WAVE, ...rows));
    expect(servers.map(({ migrationTaskName }) => migrationTaskName)).toEqual(['b']);
    expect(told(problems)).toEqual([
      expect.stringContaining('a.csv:3:1: the task name "web" is also on line 2, in a row that is skipped'),
      expect.stringContaining('a.csv:4:1: the task names "WEB" and "web" (on line 3) differ only in case'),
    ]);
  });
});

describe('no key of any row of a server is that of another one', () => {
  const wave = textOf(WAVE, 'web,x,,');
  const machines = textOf(VMS, 'web,on,,vm-9,,vc', 'web-new,on,web.corp.example,vm-1,,vc');
  const ids = textOf(ADS, 'web,web.corp.example,,,,,');

  it.each([
    ['before', [wave, ids, machines], 'b.csv, line 2', 'c'],
    ['after', [wave, machines, ids], 'c.csv, line 2', 'b'],
  ])('where the row that has it comes %s', async (_where, texts, place, file) => {
    const { servers, problems } = await readTexts(...texts);
    expect(servers).toEqual([]);
    expect(told(problems)).toEqual([
      expect.stringMatching(
        `^a.csv:2:1: its names belong to different servers: .*"web" is in ${file}.csv, line 2; "web.corp.example" \\(of ${place}\\) is in ${file}.csv, line 3. Correct the wrong one.$`,
      ),
    ]);
  });

  it('where another server of the wave file has that row', async () => {
    const both = textOf(WAVE, 'web,x,,', 'web-new,x,,');
    const { servers, problems } = await readTexts(both, machines, ids);
    expect(servers).toEqual([]);
    expect(problems.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('but a row is joined by the key of another one in any order of files', async () => {
    const renamed = textOf(VMS, 'renamed,on,web.corp.example,vm-1,,vc');
    for (const texts of [
      [wave, renamed, ids],
      [wave, ids, renamed],
    ]) {
      const inventory = await readTexts(...texts);
      expect(inventory.problems).toEqual([]);
      expect(inventory.servers[0]?.from.map(({ file }) => file).sort()).toEqual(['a.csv', 'b.csv', 'c.csv']);
    }
  });

  it('without a wave file, what a third file joins is one server, unless something shows that it is two', async () => {
    const azure = '*Server name\nweb\n';
    const joined = await readTexts(azure, textOf(VMS, 'renamed,on,web.corp.example,vm-1,,vc'), ids);
    expect([joined.problems, joined.servers.map(({ from }) => from.length)]).toEqual([[], [3]]);
    const other = textOf('ServerId,Server.HostName,Server.SMBiosId', 'd-server-1,web,u-2');
    const apart = await readTexts(other, textOf(VMS, 'renamed,on,web.corp.example,vm-1,u-1,vc'), ids);
    expect(apart.servers).toEqual([]);
    expect(told(apart.problems)).toEqual([
      'a.csv:2:12: it is found in b.csv, line 2, but that may be another server: the BIOS_ID is "u-1" there, and "u-2" here. Correct what is wrong, or remove one of the rows.',
    ]);
  });
});

describe('two servers that are one', () => {
  it('are refused where they are the same virtual machine: it was renamed between two exports', async () => {
    const { servers, problems } = await readTexts(textOf(VMS, 'old,on,,vm-1,,vc'), textOf(VMS, 'new,on,,vm-1,,vc'));
    expect(servers).toEqual([]);
    expect(told(problems)).toEqual([
      expect.stringContaining(
        'b.csv:2:1: the virtual machine (vCenter and VM id) "vc vm-1" is also that of a.csv, line 2: two',
      ),
    ]);
  });

  it('are refused where they have one id of Application Discovery Service', async () => {
    const row = (name: string) => `${name},${name},,,,,d-server-0a`;
    const { servers, problems } = await readTexts(textOf(ADS, row('a'), row('b'), 'c,c,,,,,d-server-0b'));
    expect(servers.map(({ migrationTaskName }) => migrationTaskName)).toEqual(['c']);
    expect(told(problems)).toEqual([
      expect.stringContaining(
        'a.csv:3:3: the id in Application Discovery Service "d-server-0a" is also that of a.csv, line 2',
      ),
    ]);
  });

  it('are refused where a row that names one of them has an error', async () => {
    const inventory = await readTexts(textOf(VMS, 'a,on,,vm-1,,vc,x', 'b,on,,vm-1,,vc', 'c,on,,vm-2,,vc'));
    expect(namesOf(inventory)).toEqual(['c']);
  });

  it('may be, and are warned of, where rows that are joined have one FQDN or BIOS_ID: clones', async () => {
    const id = '422e0001-0203-4405-8607-08090a0b0c0d';
    const clone = (name: string, i: number) => `${name},on,web.corp.example,vm-${i},${id.toUpperCase()},vc`;
    const { warnings, problems } = await readTexts(
      textOf(WAVE, 'a,x,,', 'b,x,,'),
      textOf(VMS, clone('a', 1), clone('b', 2)),
    );
    expect(problems).toEqual([]);
    expect(told(warnings)).toEqual([
      expect.stringContaining(
        'a.csv:3:1: the FQDN "web.corp.example" is also that of a.csv, line 2: Migration Hub may',
      ),
      expect.stringContaining(`a.csv:3:1: the BIOS_ID "${id.toUpperCase()}" is also that of a.csv, line 2`),
    ]);
  });
});

describe('rows of one name', () => {
  const wave = textOf(WAVE, 'web,x,,');
  const idOfMachine = '422e0001-0203-4405-8607-08090a0b0c0d';
  const read = (ads: string, vm: string) => readTexts(wave, textOf(ADS, ads), textOf(VMS, vm));

  it.each([
    ['BIOS_ID', `web,,,,,${idOfMachine},`, 'web,on,,,ffffffff-0203-4405-8607-08090a0b0c0d,'],
    ['BIOS_ID', `web,,,,,serial 1,`, 'web,on,,,serial 2,'],
  ])('are of two servers where the %s is another one', async (what, ads, vm) => {
    const { servers, problems } = await read(ads, vm);
    expect(servers).toEqual([]);
    expect(told(problems)).toEqual([
      expect.stringContaining(
        `a.csv:2:1: it is found in c.csv, line 2, but that may be another server: the ${what} is `,
      ),
    ]);
  });

  it.each([
    ['in another order of bytes', idOfMachine, '01002e42-0302-0544-8607-08090a0b0c0d'],
    ['as VMware writes it', idOfMachine, 'VMware-42 2e 00 01 02 03 44 05-86 07 08 09 0a 0b 0c 0d'],
    ['that is not set', idOfMachine, '00000000-0000-0000-0000-000000000000'],
  ])('are of one server with a BIOS_ID %s', async (_how, one, other) => {
    const { servers, problems } = await read(`web,,,,,${one},`, `web,on,,,${other},`);
    expect([problems, servers[0]?.from.length]).toEqual([[], 3]);
  });

  it('of one virtual machine are joined with a warning where the BIOS_ID is another one', async () => {
    const { warnings, problems } = await read(`web,,,vm-1,vc,u-1,`, 'web,on,,vm-1,u-2,vc');
    expect(problems).toEqual([]);
    expect(told(warnings)).toEqual([expect.stringContaining('the BIOS_ID is "u-2" there, and "u-1" in b.csv, line 2')]);
  });

  it('are of two servers where the id of Application Discovery Service is another one, whatever else is the same', async () => {
    const EXPORT = 'ServerId,Server.HostName,Server.VMware.MoRefId,Server.VMware.VCenterId';
    const template = textOf(ADS, 'e1,web,,vm-1,vc,,d-server-0a');
    for (const first of [[wave], []]) {
      const { servers, problems } = await readTexts(...first, template, textOf(EXPORT, 'd-server-0b,web,vm-1,vc'));
      expect(servers).toEqual([]);
      expect(told(problems)).toEqual([
        expect.stringContaining('the id in Application Discovery Service is "d-server-0b" there, and "d-server-0a" '),
      ]);
    }
  });
});

describe('import template and export of Application Discovery Service', () => {
  const template = textOf(ADS, 'e1,web,,,,u-1,', 'e2,lone,,,,,');
  const exported = 'ServerId,Server.HostName\nd-server-0a,web\n';

  it('tell of the same servers: of each there is one task', async () => {
    const inventory = await readTexts(template, exported);
    expect([inventory.problems, namesOf(inventory)]).toEqual([[], ['web', 'lone']]);
    expect(inventory.servers[0]).toMatchObject({ discoveredResource: 'd-server-0a' });
  });

  it('are both joined to a wave file', async () => {
    const inventory = await readTexts(textOf(WAVE, 'web,x,,'), template, exported);
    expect(inventory.servers).toMatchObject([{ discoveredResource: 'd-server-0a', from: [{}, {}, {}] }]);
    expect(attributesOf(inventory, 'web')).toEqual(['BIOS_ID u-1']);
  });
});

describe('a network adapter with an error that is of no machine of vInfo', () => {
  const ads = textOf(ADS, 'e1,,web,,,,', 'e2,,b,,,,');

  it.each([
    ['without a file of vInfo', [textOf(NICS, 'web,on,1,00:50:56:00:00:01,,', 'web,on,2,00:50:56:00:00:02,,')]],
    ['with one', [textOf(VMS, 'c,on,,vm-3,,vc'), textOf(NICS, 'web,on,1,00:50:56:00:00:01,,,x')]],
  ])('takes its server in other inventories: %s', async (_what, rvtools) => {
    for (const texts of [
      [...rvtools, ads],
      [ads, ...rvtools],
    ]) {
      expect(namesOf(await readTexts(...texts)).filter((name) => name !== 'c')).toEqual(['b']);
      expect(namesOf(await readTexts(textOf(WAVE, 'web,x,,', 'b,x,,'), ...texts))).toEqual(['b']);
    }
  });
});
