import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseWaveFile, WaveFileError } from '../../src/inventory/wave-file';

const HEADER =
  'mgn:wave:name,mgn:app:name,mgn:server:user-provided-id,mgn:server:tag:Name,mgn:server:fqdn-for-action-framework';
const parse = (text: string | Buffer) => parseWaveFile(Buffer.from(text), 'w.csv');
const withRows = (...rows: string[]) => [HEADER, ...rows].join('\n');

function refusal(text: string | Buffer): WaveFileError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof WaveFileError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('a wave file that is in order', () => {
  it('gives 24 servers in 2 waves and 5 applications (the one of the demo)', () => {
    const file = resolve(__dirname, '../../examples/waves/datacenter-exit.csv');
    const servers = parseWaveFile(readFileSync(file), file);
    expect(servers).toHaveLength(24);
    expect(new Set(servers.map((server) => server.wave)).size).toBe(2);
    expect(new Set(servers.map((server) => server.application)).size).toBe(5);
  });

  it('names a task by user-provided-id, else by the Name tag, else by the FQDN', () => {
    const servers = parse(
      withRows('W,A,id-1,tag-1,f1.example.com', 'W,A,,tag-2,f2.example.com', 'W,A,,,f3.example.com'),
    );
    expect(servers.map((server) => server.name)).toEqual(['id-1', 'tag-2', 'f3.example.com']);
  });

  it('may have a BOM, CRLF, empty rows, nameless empty columns, quotes and names that are not ASCII', () => {
    const text = `\uFEFF${HEADER},,\r\n"Wave, one",App,Größe-😀,,x.example.com,,\r\n,,,,,,\r\n\r\nW,A,two,,,,`;
    expect(parse(text)).toEqual([
      { name: 'Größe-😀', wave: 'Wave, one', application: 'App', fqdn: 'x.example.com', line: 2 },
      { name: 'two', wave: 'W', application: 'A', line: 5 },
    ]);
  });

  it('may leave wave and application blank, and may have any tag and launch column', () => {
    const text =
      'mgn:wave:name,mgn:server:user-provided-id,mgn:app:tag:Cost Center,mgn:launch:volume:c:0:type\n,s1,12,gp3';
    expect(parse(text)).toEqual([{ name: 's1', wave: '(no wave)', application: '(no application)', line: 2 }]);
  });

  it('takes a name of exactly 256 characters, counted as code points', () => {
    expect(parse(withRows(`W,A,${'😀'.repeat(256)},,`))).toHaveLength(1);
  });
});

describe('a wave file that is not in order is refused with file, line and column', () => {
  it.each<[what: string, text: string | Buffer, line: number, column: number, message: RegExp]>([
    [
      'unknown header',
      'mgn:wave:name,mgn:server:user-provied-id\nW,a',
      1,
      15,
      /unknown column "mgn:server:user-provied-id"/,
    ],
    ['header twice', `${HEADER},mgn:wave:name\nW,A,a,,,W`, 1, HEADER.length + 2, /"mgn:wave:name" is there twice/],
    ['no wave column', 'mgn:server:user-provided-id\na', 1, 28, /mgn:wave:name is missing/],
    ['no name column', 'mgn:wave:name,mgn:app:name\nW,A', 1, 27, /no column names the server/],
    ['empty task name', withRows('W,A,a,,', 'W,A,,,'), 3, 5, /task name is empty. Fill in mgn:server:user-provided-id/],
    [
      'repeated task name',
      withRows('W,A,a,,', 'W,A,b,,', 'W,A,,a,'),
      4,
      6,
      /"a" is already on line 2, here again on line 4/,
    ],
    ['":" in a name', withRows('W,A,a:b,,'), 2, 5, /"a:b" has ":" in it/],
    ['"|" in a name', withRows('W,"A, B",ab|c,,'), 2, 10, /"ab\|c" has "\|" in it/],
    ['line break in a name', withRows('"W\n2",A,"a\nb",,'), 3, 6, /has "\\n" in it/],
    ['name too long', withRows(`W,A,${'x'.repeat(257)},,`), 2, 5, /has 257 characters/],
    [
      'cp1252 byte',
      Buffer.concat([Buffer.from(withRows('Größe,A,b')), Buffer.from([0xa0]), Buffer.from('c,,')]),
      2,
      10,
      /byte 0xA0 is not UTF-8/,
    ],
    [
      'character cut short',
      Buffer.concat([Buffer.from(withRows('W,A,b')), Buffer.from([0xe2, 0x82]), Buffer.from(',,')]),
      2,
      6,
      /byte 0xE2 is not UTF-8/,
    ],
    [
      'character cut at the end',
      Buffer.concat([Buffer.from(withRows('W,A,b,,')), Buffer.from([0xc3])]),
      2,
      8,
      /byte 0xC3/,
    ],
    ['UTF-16', Buffer.from('\uFEFFmgn:wave:name', 'utf16le'), 1, 1, /byte 0xFF is not UTF-8/],
    ['empty file', '', 1, 1, /the file is empty/],
    ['header without rows', `${HEADER}\n`, 2, 1, /no servers/],
    ['cell too many', withRows('W,A,a,,,oops'), 2, 9, /"oops" stands in a column without a name/],
    ['semicolons', HEADER.replaceAll(',', ';').replaceAll('mgn:', ''), 1, 1, /semicolons or tabs/],
    ['open quote', withRows('W,A,"a,,'), 2, 5, /never closed/],
    ['stray quote', withRows('W,A,a"b,,'), 2, 5, /middle of a cell/],
  ])('%s', (_what, text, line, column, message) => {
    const error = refusal(text);
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(`w.csv:${line}:${column}: `)).toBe(true);
    expect(error).toMatchObject({ name: 'WaveFileError', file: 'w.csv' });
    expect(error.problems[0]).toMatchObject({ line, column });
  });

  it('all problems are told at once, in the order of the file', () => {
    const text = [
      `${HEADER},mgn:wave:colour,mgn:app:name`,
      'W,A,ok,,',
      'W,A,a:b,,,,,oops',
      `${'w'.repeat(1000)},A,ok,,`,
      ',,,,,red',
    ].join('\n');
    expect(refusal(text).problems.map(({ line, column }) => [line, column])).toEqual([
      [1, HEADER.length + 2],
      [1, HEADER.length + 18],
      [3, 5],
      [3, 13],
      [4, 1],
      [4, 1004],
      [5, 3],
    ]);
    expect(refusal(text).message.split('\n')).toHaveLength(7);
  });

  it('with an open quote the rows before it are checked, too', () => {
    const problems = refusal(withRows('W,A,a:b,,', 'W,A,"c,,')).problems.map(({ line, message }) => [line, message]);
    expect(problems).toEqual([
      [2, expect.stringContaining('"a:b" has ":" in it')],
      [3, expect.stringContaining('never closed')],
    ]);
  });

  it('of 20,000 rows it takes less than a second for each thousand, wherever the problem is', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `W,A,s-${i},,`);
    const before = performance.now();
    expect(parse(withRows(...rows))).toHaveLength(20_000);
    expect(refusal(withRows(...rows, 'W,A,s-1,,')).problems).toMatchObject([{ line: 20_002, column: 5 }]);
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it.each([
    ['server_name,app_name,wave_name', 'Cloud Migration Factory intake'],
    ['[server]server_name,[app]app_name', 'Cloud Migration Factory intake'],
    ['VM,Powerstate,Template', 'RVTools'],
    ['ExternalId,SMBiosId,HostName', 'Application Discovery Service import'],
    ['HostName,VMWare.vCenterId,VMware.MoRefId', 'Application Discovery Service import'],
    ['ServerId,Server.VMware.VMname', 'Application Discovery Service import'],
    ['*Server Name,IP addresses,*Cores', 'Azure Migrate import'],
  ])('%s: a neighbouring format is named', (header, format) => {
    expect(refusal(`${header}\n1,2,3`).message).toMatch(`w.csv:1:1: this is a ${format} file, not supported yet. `);
  });
});

describe('an inventory file of another tool', () => {
  const folder = resolve(__dirname, '../fixtures/inventory');

  it.each([
    ['intake-wave-name.csv', 'this is a Cloud Migration Factory intake file, not supported yet. '],
    ['intake-byte-order-mark.csv', 'this is a Cloud Migration Factory intake file, not supported yet. '],
    ['intake-wave-id.csv', 'this is a Cloud Migration Factory intake file, not supported yet. '],
    ['intake-cloudendure-project.csv', 'this is a Cloud Migration Factory intake file, not supported yet. '],
    ['intake-server-os.csv', 'this is a Cloud Migration Factory intake file, not supported yet. '],
    ['intake-header-only.csv', 'this is a Cloud Migration Factory intake file, not supported yet. '],
    ['cloudendure-blueprint.yml', 'this is a CloudEndure blueprint file, not supported yet. '],
    ['server-tags.csv', 'unknown column "Name"'],
  ])('%s is refused with a clear error', (file, message) => {
    const bytes = readFileSync(resolve(folder, file));
    expect(() => parseWaveFile(bytes, file)).toThrow(WaveFileError);
    expect(() => parseWaveFile(bytes, file)).toThrow(`${file}:1:1: ${message}`);
  });

  it('the byte order mark of its file is there', () => {
    expect(readFileSync(resolve(folder, 'intake-byte-order-mark.csv')).subarray(0, 3)).toEqual(Buffer.from('\uFEFF'));
  });
});
