import { describe, expect, it } from 'vitest';
import { readInventory } from '../../src/inventory';
import { fileOf, namesOf, readTexts, told } from './inventory';

const HEADER =
  'mgn:wave:name,mgn:app:name,mgn:server:user-provided-id,mgn:server:tag:Name,mgn:server:fqdn-for-action-framework';
const withRows = (...rows: string[]) => [HEADER, ...rows].join('\n');

describe('a wave file that is not in order is refused with file, line and column', () => {
  it.each<[what: string, text: string, line: number, column: number, message: RegExp]>([
    [
      'misspelt header',
      'mgn:wave:name,mgn:server:user-provied-id\nW,a',
      1,
      15,
      /no column "mgn:server:user-provied-id": did you mean mgn:server:user-provided-id\?/,
    ],
    ['header twice', `${HEADER},mgn:wave:name\nW,A,a,,,W`, 1, HEADER.length + 2, /"mgn:wave:name" is there twice/],
    [
      'no name column',
      'mgn:wave:name,mgn:app:name\nW,A',
      1,
      27,
      /no column names the server. Add one of mgn:server:user-provided-id, /,
    ],
    [
      'empty task name',
      `${HEADER},mgn:server:platform\nW,A,a,,,Linux\nW,A,,,,Linux`,
      3,
      5,
      /task name is empty. Fill in mgn:server:user-provided-id/,
    ],
    ['a spreadsheet error as name', withRows('W,A,#N/A,,'), 2, 5, /task name is empty/],
    [
      'repeated task name',
      withRows('W,A,a,,', 'W,A,b,,', 'W,A,,a,'),
      4,
      6,
      /"a" is already on line 2, here again on line 4/,
    ],
    [
      'task name in another case',
      withRows('W,A,a,,', 'W,A,A,,'),
      3,
      5,
      /"A" and "a" \(on line 2\) differ only in case/,
    ],
    ['names that are one after cleaning', withRows('W,A,a:b,,', 'W,A,a|b,,'), 3, 5, /"a-b" is already on line 2/],
    ['line break in a name', withRows('"W\n2",A,"a\nb",,'), 3, 6, /"a\\nb" has a line end in it/],
    ['name too long', withRows(`W,A,${'x'.repeat(257)},,`), 2, 5, /has 257 characters. Migration Hub takes 256/],
    ['name of nothing that shows', withRows('W,A,\u200B,,'), 2, 5, /task name is empty/],
    ['empty file', '', 1, 1, /the file is empty/],
    ['file of blanks', ' \n,,\n', 1, 1, /the file is empty/],
    ['header without rows', `${HEADER}\n`, 2, 1, /no servers/],
    ['cell too many', withRows('W,A,a,,,oops'), 2, 9, /"oops" stands in a column without a name/],
    [
      'cell too many, the last ones empty',
      withRows('W,A,a,,', 'W,B,C,b,,'),
      3,
      10,
      /the row has 6 cells, but other rows have 5/,
    ],
    [
      'other delimiters than in the header',
      withRows('W;A;a;;'),
      2,
      1,
      /the row has only one cell, but the delimiter of the header is ","/,
    ],
    ['labels too long', withRows(`${'w'.repeat(1000)},A,a,,`), 2, 1, /too long for labels/],
  ])('%s', async (_what, text, line, column, message) => {
    const { problems } = await readTexts(text);
    expect(told(problems)).toEqual([expect.stringMatching(message)]);
    expect(problems).toMatchObject([{ file: 'a.csv', line, column }]);
  });

  it('takes a name of exactly 256 characters, counted as code points', async () => {
    expect(namesOf(await readTexts(withRows(`W,A,${'😀'.repeat(256)},,`)))).toHaveLength(1);
  });

  it('all problems are told at once, in the order of the file', async () => {
    const text = [
      `${HEADER},mgn:wave:colour,mgn:app:name`,
      'W,A,ok,,',
      'W,A,,,,,,oops',
      `${'w'.repeat(1000)},A,ok,,`,
      ',,#N/A,,,red,',
    ].join('\n');
    const { problems, servers } = await readTexts(text);
    expect(servers).toEqual([]);
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [1, HEADER.length + 18],
      [3, 10],
      [4, 1],
      [4, 1004],
      [5, 3],
    ]);
  });

  it('the cell is shown, shortened', async () => {
    const { problems } = await readTexts(withRows(`W,A,${'😀'.repeat(300)},,`));
    expect(problems[0]?.cell).toBe(`${'😀'.repeat(60)}…`);
  });

  it('rows that are in order yield their servers; of two with one name, none', async () => {
    const { servers } = await readTexts(withRows('W,A,a,,', 'W,A,b,,', 'W,A,c,,,x', 'W,A,a,,', 'W,A,,,'));
    expect(servers.map(({ migrationTaskName }) => migrationTaskName)).toEqual(['b']);
  });

  it('names twice are found across files', async () => {
    const { problems, servers } = await readTexts(withRows('W,A,a,,'), withRows('W,A,b,,', 'W,A,a,,'));
    expect(told(problems)).toEqual([
      expect.stringContaining('b.csv:3:5: the task name "a" is already in a.csv, line 2, here again'),
    ]);
    expect(servers).toHaveLength(1);
  });

  it('of 5,000 rows it takes less than a second for each thousand, wherever the problem is', async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => `W,A,s-${i},,`);
    const before = performance.now();
    const { servers, problems } = await readTexts(withRows(...rows, 'W,A,s-1,,'));
    expect(servers).toHaveLength(4_999);
    expect(problems).toMatchObject([{ line: 5_002, column: 5 }]);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe('a warning', () => {
  const warningsOf = async (...texts: string[]) => told((await readTexts(...texts)).warnings);

  it.each([
    [
      'a name that is cleaned',
      'server_name,app_name\na:b,x\n',
      /^a.csv:2:1: the task of "a:b" is named "a-b": Migration Hub refuses/,
    ],
    [
      'an id that a spreadsheet made a number of',
      'server_name,app_name\n1.11E+11,x\n',
      /^a.csv:2:1: "1.11E\+11" looks like a number/,
    ],
    [
      'an FQDN that is none',
      'server_name,app_name,server_fqdn\na,x,10.0.0.300\n',
      /^a.csv:2:5: "10.0.0.300" is not a fully qualified/,
    ],
    [
      'an address that is none',
      '*Server name,IP addresses\na,"10.0.0.1, x"\n',
      /^a.csv:2:3: "x" is not an IP or MAC address/,
    ],
    [
      'an id of another service',
      'ServerId,HostName,ExternalId\ns-1,a,e\n',
      /^a.csv:2:1: "s-1" is not an id of Application Discovery/,
    ],
    [
      'a value that is too long',
      `VM,Powerstate,VI SDK UUID,Folder\na,on,vc,${'f'.repeat(257)}\n`,
      /^a.csv:2:9: the VM_PATH is left out/,
    ],
  ])('is given of %s', async (_what, text, warning) => {
    expect(await warningsOf(text)).toEqual([expect.stringMatching(warning)]);
  });

  it('is given of more attributes than Migration Hub takes', async () => {
    const addresses = Array.from({ length: 101 }, (_, i) => `10.0.0.${i + 1}`).join(' ');
    const { servers, warnings } = await readTexts(`*Server name,IP addresses\na,${addresses}\n`);
    expect(servers[0]?.resourceAttributes).toHaveLength(100);
    expect(told(warnings)).toEqual([
      expect.stringContaining('a.csv:2:1: the server has 101 attributes, and Migration Hub takes 100'),
    ]);
  });
});

it('what a file throws when it is read is thrown on', async () => {
  const file = {
    name: 'gone.csv',
    // eslint-disable-next-line require-yield
    async *open(): AsyncGenerator<Uint8Array> {
      throw new Error('the disk is gone');
    },
  };
  await expect(readInventory([file])).rejects.toThrow('the disk is gone');
});

it('of a file that is refused by its header no more is read', async () => {
  let pieces = 0;
  let isClosed = false;
  const file = {
    name: 'other.csv',
    async *open() {
      try {
        for (; pieces < 100; pieces++) yield Buffer.from('host,rack\n');
      } finally {
        isClosed = true;
      }
    },
  };
  await readInventory([file, fileOf('b.csv', 'server_name,app_name\na,x\n')]);
  expect([pieces < 3, isClosed]).toEqual([true, true]);
});
