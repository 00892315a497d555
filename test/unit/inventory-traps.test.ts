import { describe, expect, it } from 'vitest';
import { attributesOf, namesOf, readFixtures, readTexts, told } from './inventory';

const VMS = 'VM,Powerstate,DNS Name,Primary IP Address,SMBIOS UUID,VM ID,VI SDK UUID';

describe('what real files have', () => {
  it('an IP address in the column of FQDNs is an address', async () => {
    const inventory = await readTexts('server_name,app_name,server_fqdn\na,x,10.10.10.201\nb,x,2001:db8::7\n');
    expect(attributesOf(inventory, 'a')).toEqual(['IPV4_ADDRESS 10.10.10.201']);
    expect(attributesOf(inventory, 'b')).toEqual(['IPV6_ADDRESS 2001:0db8:0000:0000:0000:0000:0000:0007']);
    expect([inventory.warnings, inventory.servers[0]?.fqdn]).toEqual([[], undefined]);
  });

  it('the text VM as filler is no name, and no address is one of its own link', async () => {
    const inventory = await readFixtures('rvtools-4-vinfo.csv');
    const attributes = attributesOf(inventory, 'print-1') ?? [];
    expect(attributes.map((each) => each.split(' ')[0])).toEqual([
      'VM_MANAGER_ID',
      'VM_MANAGED_OBJECT_REFERENCE',
      'VM_NAME',
      'VM_PATH',
      'BIOS_ID',
    ]);
  });

  it('machines that are switched off are there', async () => {
    expect(namesOf(await readFixtures('rvtools-4-vinfo.csv'))).toContain('Größe 1');
  });

  it('clones have one SMBIOS UUID: it is an attribute of both, and joins nothing', async () => {
    const inventory = await readTexts(
      [VMS, 'a,on,,10.0.0.1,uuid-1,vm-1,vc', 'b,on,,10.0.0.2,uuid-1,vm-2,vc'].join('\n'),
    );
    expect(inventory.problems).toEqual([]);
    expect(inventory.servers.map(({ resourceAttributes }) => resourceAttributes.at(-2)?.value)).toEqual([
      'uuid-1',
      'uuid-1',
    ]);
  });

  it('what is True in another language is a template, and what is neither is refused: cells are shifted', async () => {
    const inventory = await readTexts('VM,Powerstate,Template\na,on,WAHR\nb,on,FALSCH\nc,on,poweredOn\n');
    expect(namesOf(inventory)).toEqual(['b']);
    expect(told(inventory.problems)).toEqual([
      expect.stringContaining('a.csv:4:6: "poweredOn" is neither True nor False'),
    ]);
  });

  it('a cell of a spreadsheet that keeps a number as text is that text', async () => {
    expect(namesOf(await readTexts('server_name,app_name\n"=""007""",x\n08,x\n'))).toEqual(['007', '08']);
  });

  it('a MAC or IPv6 address as name is a name without colons', async () => {
    const inventory = await readTexts('mgn:server:user-provided-id\n00:50:56:ab:00:01\n2001:db8::1\n');
    expect(namesOf(inventory)).toEqual(['00-50-56-ab-00-01', '2001-db8--1']);
  });

  it('columns of users named like parts of objects are columns', async () => {
    const inventory = await readTexts(
      'server_name,app_name,__proto__,constructor\n__proto__,x,1,2\nconstructor,toString,1,2\n',
    );
    expect(namesOf(inventory)).toEqual(['__proto__', 'constructor']);
    expect(inventory.files[0]?.ignoredColumns).toEqual(['__proto__', 'constructor']);
  });

  it('the same file twice is told as such, and no row is taken twice', async () => {
    const text = 'server_name,app_name\na,x\n';
    const { problems, servers } = await readTexts(text, text);
    expect(servers).toEqual([]);
    expect(told(problems)).toEqual([
      expect.stringContaining('b.csv:2:1: the task name "a" is already in a.csv, line 2'),
    ]);
  });

  it('many rows of one name are refused at once, in any number', async () => {
    const rows = (count: number, row: string) => `${row}\n`.repeat(count);
    const before = performance.now();
    const { servers, problems } = await readTexts(
      `server_name,app_name\n${rows(1_000, 'TBD,x')}`,
      `VM,Powerstate\n${rows(1_000, 'TBD,on')}`,
    );
    expect([servers.length, problems.length]).toEqual([0, 1_999]);
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});
