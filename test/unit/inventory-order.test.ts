import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/emulator/faults/seeded-random';
import { readFile } from '../../src/inventory/read-file';
import { joinFiles } from '../../src/inventory/servers/join-files';
import { allOf, isToMigrate } from '../../src/inventory/servers/record';
import { fileOf, readTexts, textOf, told } from './inventory';

const VMS = 'VM,Powerstate,DNS Name,VM ID,VI SDK UUID';
const ADS = 'ServerId,Server.HostName,Server.VMware.VMName,Server.VMware.MoRefId,Server.VMware.VCenterId';
const TEMPLATE = 'ExternalId,HostName,VMware.MoRefId,VMware.VCenterId';
const WAVE = 'server_name,app_name,server_fqdn,r_type';
const AZURE = '*Server name';

/** Each order of some things. */
function ordersOf<T>(things: T[]): T[][] {
  if (things.length < 2) return [things];
  return things.flatMap((first, i) => ordersOf(things.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}

/** The rows of each server, as `file:line`, and what is told; files are named by their headers. */
async function read(texts: string[]) {
  const named = texts.map((text) => fileOf(text.slice(0, text.search(/[,\n]/)), text));
  const files = await Promise.all(named.map((file) => readFile(file, { encoding: 'utf-8', remembersRows: false })));
  const tasks = joinFiles(files);
  const servers = tasks.filter(isToMigrate).map((task) =>
    allOf(task)
      .map(({ file, line }) => `${file.name}:${line}`)
      .sort(),
  );
  const problems = files.flatMap(({ errors }) => errors);
  return { tasks, servers: servers.sort((a, b) => (a.join() < b.join() ? -1 : 1)), problems };
}

async function expectInEveryOrder(wave: string[], inventories: string[], servers: string[][], problems = 0) {
  for (const texts of ordersOf(inventories)) {
    const got = await read([...wave, ...texts]);
    expect([got.servers, got.problems.map(({ message }) => message).slice(problems)]).toEqual([servers, []]);
    expect(got.problems).toHaveLength(problems);
  }
}

describe('the id of a virtual machine decides, whatever names machines share', () => {
  const wave = (...names: string[]) => textOf(WAVE, ...names.map((name) => `${name},x,,`));

  it.each(['ubuntu', 'web01.corp'])('of one that is switched off, and has no name %s in DNS for that', async (host) => {
    const machines = textOf(VMS, 'app1,poweredOff,,vm-1,VC1', `app9,poweredOn,${host},vm-9,VC1`);
    const ads = textOf(ADS, `d-server-1,${host},app1,vm-1,VC1`, `d-server-9,${host},app9,vm-9,VC1`);
    const servers = [
      ['ServerId:2', 'VM:2'],
      ['ServerId:3', 'VM:3'],
    ];
    await expectInEveryOrder([], [machines, ads], servers);
    await expectInEveryOrder(
      [wave('app1', 'app9')],
      [machines, ads],
      servers.map((rows, i) => [...rows, `server_name:${i + 2}`]),
    );
    await expectInEveryOrder([], [machines, ads.replaceAll(/app\d/g, '')], servers);
  });

  it('of one that an older inventory does not have', async () => {
    const machines = textOf(VMS, ...[1, 2, 3].map((i) => `app${i},on,ubuntu,vm-${i},VC1`));
    const ads = textOf(ADS, ...[2, 3].map((i) => `d-server-${i},ubuntu,app${i},vm-${i},VC1`));
    await expectInEveryOrder([], [machines, ads], [['ServerId:2', 'VM:3'], ['ServerId:3', 'VM:4'], ['VM:2']]);
    await expectInEveryOrder([wave('app1')], [machines, ads], [['VM:2', 'server_name:2']]);
    await expectInEveryOrder(
      [wave('app2', 'app1')],
      [machines, ads],
      [
        ['ServerId:2', 'VM:3', 'server_name:2'],
        ['VM:2', 'server_name:3'],
      ],
    );
  });

  it('and a server that has no id is never that of what is left', async () => {
    const machines = textOf(VMS, ...[1, 2, 3].map((i) => `app${i},on,ubuntu,vm-${i},VC1`));
    const ads = textOf(ADS, 'd-server-9,ubuntu,,,', ...[2, 3].map((i) => `d-server-${i},ubuntu,app${i},vm-${i},VC1`));
    const servers = [
      ['ServerId:3', 'VM:3'],
      ['ServerId:4', 'VM:4'],
    ];
    await expectInEveryOrder([], [machines, ads], servers, 2);
  });

  it('of very many, too', async () => {
    const many = Array.from({ length: 300 }, (_, i) => i + 1);
    const machines = textOf(VMS, ...many.map((i) => `app${i},on,ubuntu,vm-${i},VC1`));
    const ads = textOf(ADS, ...many.slice(1).map((i) => `d-server-${i},ubuntu,app${i},vm-${i},VC1`));
    const inventory = await readTexts(machines, ads);
    expect([inventory.problems, inventory.servers.length]).toEqual([[], 300]);
    expect(inventory.servers.map(({ from }) => from.length)).toEqual([1, ...many.slice(1).map(() => 2)]);
  });

  it('unless two ids were exchanged: of each, the other inventory has another row by its name', async () => {
    const machines = textOf(VMS, 'a,on,,vm-2,VC1', 'b,on,,vm-1,VC1', 'app-old,on,,vm-3,VC1', 'app,on,,vm-4,VC1');
    const ads = textOf(ADS, 'd-server-1,a,a,vm-1,VC1', 'd-server-2,b,b,vm-2,VC1', 'd-server-3,app,app,vm-3,VC1');
    await expectInEveryOrder([], [machines, ads], [['ServerId:4', 'VM:4'], ['VM:5']], 2);
  });

  it('but not what another row says: one without an id', async () => {
    const machines = textOf(VMS, 'app1,on,,vm-1,VC1', 'app9,on,ubuntu,vm-9,VC1');
    const ads = textOf(ADS, 'd-server-1,,app1,vm-1,VC1');
    const given = textOf(WAVE, 'app1,x,ubuntu,Rehost');
    for (const texts of ordersOf([machines, ads])) {
      const { servers, problems } = await readTexts(given, ...texts);
      expect(servers).toEqual([]);
      expect(told(problems)).toEqual([expect.stringContaining('a.csv:2:1: its names belong to different servers')]);
    }
  });
});

describe('the order of inventories decides nothing', () => {
  it('where one tells which of several rows of another is meant', async () => {
    const wave = textOf(WAVE, 'web,x,web.a.corp,Rehost', 'web-b,x,web.b.corp,Rehost');
    const machines = textOf(VMS, 'web,on,web.a.corp,vm-1,VC1', 'web,on,web.b.corp,vm-2,VC1');
    const ads = textOf(ADS, 'd-server-1,web,web,vm-1,VC1', 'd-server-2,web,web,vm-2,VC1');
    const servers = [
      ['ServerId:2', 'VM:2', 'server_name:2'],
      ['ServerId:3', 'VM:3', 'server_name:3'],
    ];
    await expectInEveryOrder([wave], [machines, ads], servers);
  });

  it('and of two servers of one name none is taken because an inventory does not have the other one', async () => {
    const machines = textOf(VMS, 'web,on,,vm-1,VC1', 'web,on,,vm-2,VC1');
    const ads = textOf(ADS, 'd-server-1,web,web,vm-1,VC1');
    await expectInEveryOrder([textOf(WAVE, 'web,x,,Rehost')], [machines, ads], [], 1);
  });

  it('where the names of two are joined by a third', async () => {
    const machines = textOf(VMS, 'Payroll DB,on,pay-db.corp,vm-1,VC1');
    const template = textOf(TEMPLATE, 'pay-db-01,pay-db.corp,,');
    const servers = [['*Server name:2', 'ExternalId:2', 'VM:2']];
    await expectInEveryOrder([], [machines, textOf(AZURE, 'pay-db-01'), template], servers);
  });

  it('and two rows of one inventory are never one server', async () => {
    const machines = textOf(VMS, 'a,on,web.corp,,', 'b,on,web.corp,,');
    await expectInEveryOrder(
      [],
      [machines, textOf(TEMPLATE, 'b,web.corp,,'), textOf(AZURE, 'c')],
      [['*Server name:2']],
      1,
    );
  });

  it('in any set of files, and no server has rows of two', async () => {
    const random = seededRandom(Number(process.env['INVENTORY_SEED'] ?? 7));
    const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)] as T;
    const name = () => pick('a', 'b', 'c', 'd');
    const host = () => pick('', '', 'a', 'ubuntu', 'a.corp', 'b.corp', 'c.corp');
    const id = () => pick(',', ',', 'vm-1,vc', 'vm-2,vc', 'vm-3,vc', 'vm-4,vc');
    const rowsOf = (row: () => string) => Array.from({ length: pick(1, 2, 3, 4) }, row);
    let joined = 0;
    let refused = 0;
    for (let i = 0; i < Number(process.env['INVENTORY_SETS'] ?? 200); i++) {
      const wave = pick(
        [],
        [textOf(WAVE, ...rowsOf(() => `${name()},x,${host()},${pick('Rehost', 'Rehost', 'Retire')}`))],
      );
      const inventories = [
        textOf(VMS, ...rowsOf(() => `${name()},on,${host()},${id()}`)),
        textOf(ADS, ...rowsOf(() => `d-server-${pick(1, 2, 3, 4)},${host()},${pick(name(), '')},${id()}`)),
        textOf(TEMPLATE, ...rowsOf(() => `${name()},${host()},${id()}`)),
        textOf(AZURE, ...rowsOf(() => pick(name(), host() || 'e'))),
      ].slice(0, pick(2, 3, 4));
      const [first, ...others] = await Promise.all(ordersOf(inventories).map((texts) => read([...wave, ...texts])));
      const said = `set ${i}:\n${[...wave, ...inventories].join('\n\n')}`;
      for (const other of others) expect(other.servers, said).toEqual(first?.servers);
      for (const { tasks, problems } of [first, ...others].filter((each) => each !== undefined)) {
        const isClear = tasks.every((task) => isToMigrate(task) || task.isLeft);
        expect(isClear, said).toBe(problems.length === 0);
        for (const task of tasks.filter(isToMigrate)) {
          const rows = allOf(task);
          expect(new Set(rows.map(({ file }) => file.name)).size, said).toBe(rows.length);
          expect(new Set(rows.flatMap(({ vmId = [] }) => vmId)).size, said).toBeLessThan(2);
        }
      }
      joined += first?.servers.filter((rows) => rows.length > 1).length ?? 0;
      refused += first?.problems.length ?? 0;
    }
    expect(joined).toBeGreaterThan(30);
    expect(refused).toBeGreaterThan(30);
  }, 300_000);
});
