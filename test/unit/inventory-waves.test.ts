import { describe, expect, it } from 'vitest';
import { readInventory, type RowOutcome } from '../../src/inventory';
import { fileOf, namesOf, readTexts, textOf, told } from './inventory';

const INTAKE = 'server_name,app_name,r_type';
const MGN = 'mgn:region,mgn:wave:name,mgn:app:name,mgn:server:user-provided-id';
const wavesOf = ({ servers }: Awaited<ReturnType<typeof readTexts>>) =>
  Object.fromEntries(servers.map(({ migrationTaskName, wave }) => [migrationTaskName, wave]));

describe('r_type of Cloud Migration Factory', () => {
  it.each(['Retired', 'Retain (hold)', 'Decommission'])(
    '%s is an error, since the server may stay',
    async (strategy) => {
      const inventory = await readTexts(textOf(INTAKE, `a,x,${strategy}`, 'b,x,Rehost'));
      expect(namesOf(inventory)).toEqual(['b']);
      expect(told(inventory.problems)).toEqual([
        `a.csv:2:5: "${strategy}" is no migration strategy. Write one of Retire, Retain, Relocate, Rehost, Repurchase, Replatform, Rearchitect, TBC.`,
      ]);
    },
  );

  it('is known also with characters that do not show, in any case', async () => {
    const rows = ['a,x,Retain\u200b', 'b,x, retire\u00a0', 'c,x,\u200btbc', 'd,x,REHOST', 'e,x,\u200b', 'f,x,N/A'];
    const inventory = await readTexts(textOf(INTAKE, ...rows));
    expect(inventory.problems).toEqual([]);
    expect(namesOf(inventory)).toEqual(['c', 'd', 'e', 'f']);
  });
});

it('r_type may be what installations of Cloud Migration Factory add, and what AWS calls it', async () => {
  const rows = ['a,x,Replatform - A2C', 'b,x,Refactor', 'c,x,Reachitect', 'd,x,Retain - A2C', 'e,x,Rehosted'];
  expect(namesOf(await readTexts(textOf(INTAKE, ...rows)))).toEqual(['a', 'b', 'c']);
});

describe('an application of MGN', () => {
  it('has its wave in all its rows, though only one of them tells it', async () => {
    const rows = [
      ',,Payroll,pay-db-01',
      ',Wave 1,Payroll,pay-web-01',
      ',,Payroll,pay-app-01',
      ',,,alone',
      ',,Shop,shop',
    ];
    expect(wavesOf(await readTexts(textOf(MGN, ...rows)))).toEqual({
      'pay-db-01': 'Wave 1',
      'pay-web-01': 'Wave 1',
      'pay-app-01': 'Wave 1',
      alone: undefined,
      shop: undefined,
    });
  });

  it('has its wave also from a row of no server, which is skipped', async () => {
    const rows: RowOutcome[] = [];
    const text = textOf(MGN, 'us-west-2,Wave 1,Payroll,', 'us-west-2,,Payroll,pay-db-01', 'us-west-2,Wave 2,,');
    const inventory = await readInventory([fileOf('a.csv', text)], { onRow: (row) => void rows.push(row) });
    expect([inventory.problems, wavesOf(inventory)]).toEqual([[], { 'pay-db-01': 'Wave 1' }]);
    expect(inventory.files[0]?.notes).toContain('2 rows skipped: it tells only of a wave or an application');
    expect(rows.map(({ outcome }) => outcome)).toEqual(['skipped', 'task', 'skipped']);
  });

  it('with two waves is an error, and none of its servers is left', async () => {
    const rows = [',Wave 1,Payroll,a', ',,Payroll,b', ',Wave 2,Payroll,c', ',Wave 3,Payroll,', ',Wave 2,Shop,d'];
    const inventory = await readTexts(textOf(MGN, ...rows));
    expect(namesOf(inventory)).toEqual(['d']);
    expect(told(inventory.problems)).toEqual([
      'a.csv:4:2: the application "Payroll" is in the wave "Wave 1" on line 2, but in "Wave 2" here. Correct the wrong one: an application is in one wave.',
      'a.csv:5:2: the application "Payroll" is in the wave "Wave 1" on line 2, but in "Wave 3" here. Correct the wrong one: an application is in one wave.',
    ]);
  });

  it('is another one in another account or Region', async () => {
    const header = 'mgn:account-id,mgn:region,mgn:wave:name,mgn:app:name,mgn:server:user-provided-id';
    const rows = [
      '111111111111,us-west-2,Wave 1,web,a',
      '222222222222,us-west-2,Wave 2,web,b',
      '222222222222,us-west-2,,web,c',
      '222222222222,us-east-1,,web,d',
    ];
    const inventory = await readTexts(textOf(header, ...rows));
    expect([inventory.problems, wavesOf(inventory)]).toEqual([
      [],
      { a: 'Wave 1', b: 'Wave 2', c: 'Wave 2', d: undefined },
    ]);
  });

  it('is one name in each file by itself', async () => {
    const files = [textOf(MGN, ',Wave 1,Payroll,a'), textOf(MGN, ',Wave 2,Payroll,b', ',,Payroll,c')];
    expect(wavesOf(await readTexts(...files))).toEqual({ a: 'Wave 1', b: 'Wave 2', c: 'Wave 2' });
  });
});

describe('a server whose rows are right one by one, but not together', () => {
  const long = 'é'.repeat(600);
  const files = [
    textOf('server_name,wave_name,app_name', `web,${long},`, 'db,W,'),
    textOf('HostName,ExternalId,Applications', `web,1,${long}`, 'db,2,x'),
  ];

  it('is an error of its row before anything is registered; the others are left', async () => {
    const inventory = await readTexts(...files);
    expect(namesOf(inventory)).toEqual(['db']);
    expect(told(inventory.problems)).toEqual([
      expect.stringMatching(
        /^a\.csv:2:1: together with the rows that are joined to it \(b\.csv, line 2\), the server cannot be registered: labels is .*, but its JSON must have at most 1000 characters\. Correct or shorten that\.$/,
      ),
    ]);
  });

  it('is shown as an error with each row of it', async () => {
    const rows: RowOutcome[] = [];
    await readInventory(
      files.map((text, i) => fileOf(`${i}.csv`, text)),
      { onRow: (row) => void rows.push(row) },
    );
    expect(rows.map(({ outcome }) => outcome)).toEqual(['error', 'task', 'skipped', 'joined']);
  });
});
