import { describe, expect, it } from 'vitest';
import { readInventory } from '../../src/inventory';
import { fileOf, fixtureBytes, namesOf, readTexts, told } from './inventory';

const HEADER =
  'mgn:wave:name,mgn:app:name,mgn:server:user-provided-id,mgn:server:tag:Name,mgn:server:fqdn-for-action-framework';
const withRows = (...rows: string[]) => [HEADER, ...rows].join('\n');
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('a file may have', () => {
  it('a byte order mark, CRLF, empty rows, nameless empty columns, quotes and names that are not ASCII', async () => {
    const text = `\uFEFF${HEADER},,\r\n"Wave, one",App,Größe-😀,,x.example.com,,\r\n,,,,,,\r\n\r\nW,A,two,,,,`;
    const inventory = await readTexts(text);
    expect(inventory.problems).toEqual([]);
    expect(inventory.servers).toMatchObject([
      { migrationTaskName: 'Größe-😀', wave: 'Wave, one', application: 'App', from: [{ line: 2 }] },
      { migrationTaskName: 'two', from: [{ line: 5 }] },
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('lines that end with %j, the last one or not', async (end) => {
    for (const last of ['', end]) {
      const inventory = await readTexts([HEADER, 'W,A,a,,', '"W\n2",B,b,,', 'W,A,c,,'].join(end) + last);
      expect(
        inventory.servers.map(({ migrationTaskName, wave, from }) => [migrationTaskName, wave, from[0]?.line]),
      ).toEqual([
        ['a', 'W', 2],
        ['b', 'W 2', 3],
        ['c', 'W', 5],
      ]);
    }
  });

  it.each([',', ';', '\t', '|'])('%j between cells, and the others inside them', async (delimiter) => {
    const [others] = [[',', ';', '\t', '|'].filter((each) => each !== delimiter).join('')];
    const rows = [HEADER.split(','), [`W${others}1`, 'A', 'a', '', '']].map((cells) => cells.join(delimiter));
    const inventory = await readTexts(rows.join('\n'));
    expect(inventory.files).toMatchObject([{ delimiter, rows: 1 }]);
    expect(namesOf(inventory)).toEqual(['a']);
  });

  it('semicolons in cells of the header line, and in rows, which tell no delimiter', async () => {
    const inventory = await readTexts('server_name,app_name,"a;b;c;d;e"\na,x,sg-1;sg-2;sg-3\n');
    expect(inventory.files).toMatchObject([{ delimiter: ',', ignoredColumns: ['a;b;c;d;e'] }]);
  });

  it('a line sep=; and empty lines before its header', async () => {
    const inventory = await readTexts('sep=;\r\n\r\n;;\r\nserver_name;app_name\r\na;x\r\n');
    expect(inventory.servers).toMatchObject([{ migrationTaskName: 'a', from: [{ line: 5 }] }]);
  });

  it('thousands separators, in quotes or where they are no delimiters', async () => {
    expect(namesOf(await readTexts('VM,Powerstate,Memory,DNS Name\na,on,"1,546.6",\n'))).toEqual(['a']);
    expect(namesOf(await readTexts('VM;Powerstate;Memory;DNS Name\na;on;1,546;\n'))).toEqual(['a']);
  });

  it('names of waves and applications with line ends, and with what does not show', async () => {
    const inventory = await readTexts(
      'server_name,app_name,wave_name\na,"pay\r\nroll","\u001b[31mWave\u200b 1\u001b[0m"\n',
    );
    expect(inventory.servers).toMatchObject([{ application: 'pay roll', wave: '[31mWave 1[0m' }]);
  });

  it('headers with line ends in them, blanks around them and other cases', async () => {
    expect(namesOf(await readTexts('" Server_Name ","APP_NAME","Final\rInstance\rType"\na,x,y\n'))).toEqual(['a']);
  });

  it('columns without a name before and between others, with cells in them', async () => {
    const inventory = await readTexts(',server_name,,app_name\n0,a,x,y\n1,b,,z\n');
    expect(namesOf(inventory)).toEqual(['a', 'b']);
    expect(inventory.files[0]?.notes).toContain('columns without a name are not read: 1, 3');
  });

  it('a comma at the end of each row', async () => {
    const inventory = await readTexts('server_name,app_name\na,x,\nb,y,\n');
    expect([namesOf(inventory), inventory.problems]).toEqual([['a', 'b'], []]);
  });

  it('rows that end early, as spreadsheets write them; it is noted', async () => {
    const inventory = await readTexts('server_name,app_name,tags\na,x\nb,y,t\nc,z\n');
    expect(namesOf(inventory)).toEqual(['a', 'b', 'c']);
    expect(inventory.files[0]?.notes).toContain(
      '2 rows end (the first on line 2) before the last column: what is missing counts as empty',
    );
  });

  it.each(['\n', '\r\n', '\r'])(
    'no-break spaces around cells, and in cells of nothing else; lines end with %j',
    async (end) => {
      const rows = ['web01,\u00a0,Payroll', '\u00a0web02,\u00a0,\u00a0HR', '\u00a0,,x', 'web04,,'];
      const inventory = await readTexts(['server_name,wave_name,app_name', ...rows].join(end));
      expect(inventory.servers.map(({ migrationTaskName, from }) => [migrationTaskName, from[0]?.line])).toEqual([
        ['web01', 2],
        ['web02', 3],
        ['web04', 5],
      ]);
      expect(inventory.problems).toMatchObject([{ line: 4, column: 1 }]);
    },
  );

  it('thousands of empty rows, as of a sheet that was longer once, which are not counted', async () => {
    const inventory = await readTexts(`server_name,app_name\na,x\n${',\n'.repeat(5_000)}b,y\n`);
    expect(inventory.files[0]?.rows).toBe(2);
    expect(inventory.servers[1]?.from[0]?.line).toBe(5_003);
  });
});

describe('pieces of a file', () => {
  it.each([1, 3, 64])('of %i bytes make the same servers, with the same lines', async (size) => {
    for (const name of ['rvtools-3-vinfo.csv', 'rvtools-4-vinfo.csv', 'intake-byte-order-mark.csv']) {
      const read = (pieceSize: number) => readInventory([fileOf(name, fixtureBytes(name), pieceSize)]);
      expect(await read(size)).toEqual(await read(65_536));
    }
  });
});

describe('the encoding', () => {
  const text = 'server_name,app_name\nGröße,x\n';

  it.each([
    ['utf-16le', bytes([0xff, 0xfe])],
    ['utf-16le', bytes()],
  ])('may be UTF-16, with a mark or by its name', async (encoding, mark) => {
    const file = fileOf('a.csv', Buffer.concat([mark, Buffer.from(text, 'utf16le')]));
    expect(namesOf(await readInventory([file], mark.length > 0 ? {} : { encoding }))).toEqual(['Größe']);
  });

  it('may be another one by its name; a byte order mark decides before it', async () => {
    const read = (content: Buffer) => readInventory([fileOf('a.csv', content)], { encoding: 'windows-1252' });
    expect(namesOf(await read(Buffer.from(text, 'latin1')))).toEqual(['Größe']);
    expect(namesOf(await read(Buffer.from(`\uFEFF${text}`)))).toEqual(['Größe']);
  });

  it('that is named is not that of a file that is UTF-8: it is refused, and read with a byte order mark', async () => {
    const waves = 'server_name,app_name\na,x\nb,Müller\n';
    const machines = Buffer.from('VM,Powerstate\nMüller-01,on\n', 'latin1');
    const read = (content: string | Buffer, size?: number) =>
      readInventory([fileOf('a.csv', content, size), fileOf('b.csv', machines)], { encoding: 'windows-1252' });
    for (const size of [1, 5, 65_536]) {
      const { servers, problems } = await read(waves, size);
      expect(servers).toEqual([]);
      expect(problems).toMatchObject([{ file: 'a.csv', line: 3, column: 4, isOfFile: true }]);
      expect(told(problems)[0]).toContain(
        'the file is UTF-8, but is to be read as windows-1252. Save it as "CSV UTF-8"',
      );
    }
    expect(told((await read(`\uFEFF${waves}`)).problems)).toEqual([]);
    expect(told((await read(waves.replace('ü', 'u'))).problems)).toEqual([]);
    expect(told((await read(Buffer.from(waves, 'latin1'))).problems)).toEqual([]);
    // One that is UTF-8 up to its last byte, which begins a character.
    const cut = Buffer.concat([Buffer.from(waves), Buffer.from([0xc3])]);
    expect(told((await read(cut)).problems)).toEqual([]);
  });

  it('may have only bytes that are ASCII, whatever characters they stand for', async () => {
    const escaped = Buffer.concat([
      Buffer.from('server_name,app_name\na,'),
      Buffer.from([0x1b, 0x24, 0x42, 0x25, 0x5e, 0x25, 0x39, 0x1b, 0x28, 0x42]),
      Buffer.from('\n'),
    ]);
    for (const size of [1, 4, 65_536]) {
      const { servers, problems } = await readInventory([fileOf('a.csv', escaped, size)], { encoding: 'iso-2022-jp' });
      expect([problems, servers.map(({ application }) => application)]).toEqual([[], ['マス']]);
    }
    const utf8 = await readInventory([fileOf('a.csv', 'server_name,app_name\na,マス\n')], { encoding: 'iso-2022-jp' });
    expect(told(utf8.problems)).toEqual([expect.stringMatching(/^a.csv:2:3: .*not ISO-2022-JP/)]);
  });

  it('that does not exist is refused', async () => {
    await expect(readInventory([], { encoding: 'utf-9' })).rejects.toThrow(
      'encoding is "utf-9", but it must be one of the WHATWG',
    );
  });

  it.each<[what: string, content: Buffer, place: string, message: RegExp]>([
    [
      'a byte of cp1252',
      bytes(withRows('Größe,A,b'), [0xa0], 'c,,'),
      '2:10',
      /byte 0xA0 is not UTF-8 \(at offset 123\)/,
    ],
    ['a character cut short', bytes(withRows('W,A,b'), [0xe2, 0x82], ',,'), '2:6', /byte 0xE2 is not UTF-8/],
    ['a character cut at the end', bytes(withRows('W,A,b,,'), [0xc3]), '2:8', /byte 0xC3/],
    ['UTF-16 without a mark', Buffer.from(HEADER, 'utf16le'), '1:2', /NUL character.*--encoding utf-16le/],
  ])('%s is refused with its place', async (_what, content, place, message) => {
    for (const size of [1, 5, 65_536]) {
      const { problems, servers } = await readInventory([fileOf('w.csv', content, size)]);
      expect(servers).toEqual([]);
      expect(told(problems)).toEqual([expect.stringMatching(message)]);
      expect(told(problems)[0]?.startsWith(`w.csv:${place}: `)).toBe(true);
    }
  });
});

describe('quotes', () => {
  const problemsOf = async (...rows: string[]) => {
    const { problems, servers } = await readTexts(withRows(...rows));
    expect(servers).toEqual([]);
    return problems.map(({ line, column, message }) => [line, column, message]);
  };

  it.each([
    ['one that is open to the end', ['W,A,"a,,'], 2, 5, /never closed/],
    ['one in the middle of a cell', ['W,A,a"b,,'], 2, 5, /middle of a cell/],
    ['one that closes too early', ['W,A,"a"b,,'], 2, 5, /middle of a cell/],
    ['one that closes before a word', ['W,A,"a" b,,'], 2, 5, /middle of a cell/],
  ])('%s is told with its place', async (_what, rows, line, column, message) => {
    expect(await problemsOf(...rows)).toEqual([[line, column, expect.stringMatching(message)]]);
  });

  it('that are wrong in the header are told, and nothing else', async () => {
    const { problems, servers } = await readTexts('server_name,app_name,"x\na,b,c');
    expect([told(problems), servers]).toEqual([
      [expect.stringMatching(/^a.csv:1:22: a quote is opened and never closed/)],
      [],
    ]);
    expect(told((await readTexts('server_name,app_name,x"y\na,b,c\n')).problems)).toEqual([
      expect.stringMatching(/^a.csv:1:22: a quote stands in the middle/),
    ]);
  });

  it('that are wrong make the file unusable; all of them are told, and what is wrong in other rows', async () => {
    expect(await problemsOf('W,A,ok,,', 'W,A,a"b,,', 'W,A,#N/A,,', '"W",A,c"d,,', 'W,A,"x,,')).toEqual([
      [3, 5, expect.stringContaining('middle of a cell')],
      [4, 5, expect.stringContaining('task name is empty')],
      [5, 7, expect.stringContaining('middle of a cell')],
      [6, 5, expect.stringContaining('never closed')],
    ]);
  });

  it('of which one closing is missing do not swallow what comes after the next ones', async () => {
    expect(await problemsOf('W,A,a,,', '"W,A,b,,', '"W",A,c,,', 'W,A,#N/A,,')).toEqual([
      [3, 1, expect.stringContaining('middle of a cell')],
      [5, 5, expect.stringContaining('task name is empty')],
    ]);
  });

  it('that never close end the reading of a long file', async () => {
    const rows = 'W,A,long,,\n'.repeat(95_000);
    const { problems } = await readTexts(withRows('W,A,"a,,', rows));
    expect(told(problems)).toEqual([expect.stringContaining('a.csv:2:5: the row has more than 1000000 bytes')]);
  });
});
