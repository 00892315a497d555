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

  it.each([
    ['Portuguese', 'VERDADEIRO', 'FALSO'],
    ['Dutch', 'WAAR', 'ONWAAR'],
    ['Polish', 'PRAWDA', 'FAŁSZ'],
    ['Swedish', 'SANT', 'FALSKT'],
    ['Danish', 'SAND', 'FALSK'],
    ['Finnish', 'TOSI', 'EPÄTOSI'.normalize('NFD')],
    ['Spanish', 'VERDADERO', 'FALSO'],
    ['Turkish', 'DOĞRU', 'YANLIŞ'],
    ['Russian', 'ИСТИНА', 'ЛОЖЬ'],
    ['Greek', 'ΑΛΗΘΗΣ', 'ΨΕΥΔΗΣ'],
  ])('what is True in %s is a template', async (_language, yes, no) => {
    const inventory = await readTexts(`VM,Powerstate,Template\na,on,${yes}\nb,on,${no}\n`);
    expect([inventory.problems, namesOf(inventory)]).toEqual([[], ['b']]);
  });

  it('words for True and False that are not known are told as such, where there are no others', async () => {
    const { servers, problems } = await readTexts('VM,Powerstate,Template\na,on,oo\nb,on,oo\nc,on,\n');
    expect(servers).toHaveLength(1);
    expect(told(problems)).toEqual(
      [2, 3].map((line) =>
        expect.stringContaining(`a.csv:${line}:6: "oo" is neither True nor False. No row has a known word for True`),
      ),
    );
  });

  it('vInfo to which people have added the MAC address is not vNetwork', async () => {
    const inventory = await readTexts(
      'VM,Powerstate,DNS Name,Primary IP Address,Mac Address\na,on,a.corp.example,10.0.0.1,00:50:56:00:00:01\n',
    );
    expect(inventory.files).toMatchObject([{ format: 'RVTools vInfo tab', ignoredColumns: ['Powerstate'] }]);
    expect(attributesOf(inventory, 'a')).toEqual([
      'FQDN a.corp.example',
      'IPV4_ADDRESS 10.0.0.1',
      'MAC_ADDRESS 00:50:56:00:00:01',
    ]);
  });

  it('what stands for no value is no name, no label and no strategy', async () => {
    const ads = 'HostName,VMware.VMName,ExternalId,ApplicationWave,Applications\nN/A,web-01,e1,-,none\n-,null,e2,1,x\n';
    const inventory = await readTexts(ads);
    expect(inventory.servers).toMatchObject([{ migrationTaskName: 'web-01' }, { migrationTaskName: 'e2', wave: '1' }]);
    expect(Object.keys(inventory.servers[0] ?? {})).not.toEqual(expect.arrayContaining(['wave']));
    expect(Object.keys(inventory.servers[0] ?? {})).not.toEqual(expect.arrayContaining(['application']));
    const machines = await readTexts('VM,Powerstate,Template,VI SDK UUID\na,on,n/a,-\n');
    expect([machines.problems, attributesOf(machines, 'a')]).toEqual([[], []]);
  });

  it('a name that stands for no value is told as such, but for that of a virtual machine', async () => {
    const { servers, problems } = await readTexts('server_name,app_name\nN/A,x\n#N/A,x\n');
    expect(servers).toEqual([]);
    expect(told(problems)).toEqual([
      'a.csv:2:1: the task name is only "N/A", which stands for no value. Fill in server_name.',
      'a.csv:3:1: the task name is empty. Fill in server_name.',
    ]);
    const machines = await readTexts('VM,Powerstate,VI SDK UUID\nnone,on,vc\nvm,on,vc\n');
    expect([machines.problems, namesOf(machines)]).toEqual([[], ['none', 'vm']]);
    expect(attributesOf(machines, 'vm')).toEqual(['VM_MANAGER_ID vc', 'VM_NAME vm']);
  });

  it.each([
    ['two blanks', 'Payroll  DB'],
    ['a no-break space', 'Payroll\u00A0DB'],
    ['a zero-width space at its end', 'Payroll DB\u200B'],
  ])('a name with %s joins what has it without', async (_what, name) => {
    const wave = `server_name,app_name\n${name},x\n`;
    for (const [one, other] of [
      [name, 'Payroll DB'],
      ['Payroll DB', name],
    ]) {
      const inventory = await readTexts(wave.replace(name, one ?? ''), `VM,Powerstate,VI SDK UUID\n${other},on,vc\n`);
      expect(inventory.servers).toMatchObject([{ migrationTaskName: 'Payroll DB', from: [{}, {}] }]);
      // VMware has it as it stands.
      expect(attributesOf(inventory, 'Payroll DB')).toContain(`VM_NAME ${other}`);
    }
  });

  it('names and FQDNs join whichever way their marks are written', async () => {
    const host = 'größe-é.corp.example'.normalize('NFC');
    for (const form of ['NFC', 'NFD']) {
      const wave = `server_name,app_name,server_fqdn\na,x,${host.normalize(form)}\nGr\u00f6\u00dfe,x,\n`;
      const machines = `VM,Powerstate,DNS Name\nb,on,${host}\n${'Größe'.normalize('NFD')},on,\n`;
      const inventory = await readTexts(wave, machines);
      expect([inventory.problems, inventory.warnings]).toEqual([[], []]);
      expect(inventory.servers.map(({ from }) => from.length)).toEqual([2, 2]);
      expect(attributesOf(inventory, 'a')).toEqual([`FQDN ${host}`]);
    }
    expect(attributesOf(await readTexts('server_name,app_name,server_fqdn\na,x,हिन्दी.example\n'), 'a')).toEqual([
      'FQDN हिन्दी.example',
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
