import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInventory, type Inventory, type RowOutcome } from '../../src/inventory';
import { openFiles } from '../../src/cli/import/open-files';
import { cli } from '../cli/run-cli';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
/** Gives the path of a file with this text. */
function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const EXAMPLES = ['intake', 'vinfo'].map((name) => join(__dirname, `../../examples/waves/datacenter-exit-${name}.csv`));
const NOWHERE = ['--stream', 'S', '--address', '127.0.0.1:1'];
const linesOf = (text: string) => text.split('\n').filter(Boolean);

describe('files with errors', () => {
  const HEADER = 'mgn:wave:name,mgn:server:user-provided-id,mgn:server:platform';

  it('are told with all errors of all files, one a line, before any server is asked', async () => {
    const one = file('one.csv', `${HEADER}\nW,,Linux\nW,"\u001b[2J\nx"\nW,ok\nW,ok`);
    const two = file('two.csv', `${HEADER}\nW,${'x'.repeat(257)}`);
    const { code, stdout, stderr } = await cli('import', one, two, ...NOWHERE);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const places = linesOf(stderr).map((line) => /^(.*?:\d+:\d+): /.exec(line)?.[1]);
    expect(places).toEqual([`${one}:2:3`, `${one}:3:3`, `${one}:6:3`, `${two}:2:3`, undefined]);
    expect(stderr).toMatch(/^4 errors: nothing is registered; --skip-invalid leaves out only these rows$/m);
    expect(stderr).not.toContain('\u001b');
  });

  it('with thousands of errors show the first hundred, and their number', async () => {
    const many = file('many.csv', `${HEADER}\n${'W,,Linux\n'.repeat(5000)}`);
    const { stderr } = await cli('import', many, ...NOWHERE);
    expect(linesOf(stderr)).toHaveLength(101);
    expect(stderr).toContain('5000 errors, of which 100 are shown: nothing is registered');
  });

  it('are refused all the same with --skip-invalid, if a whole file cannot be used', async () => {
    const right = file('right.csv', `${HEADER}\nW,ok`);
    const zip = file('vinfo.xlsx', Buffer.from('504b030414000600080000002100', 'hex'));
    const { code, stderr } = await cli('import', right, zip, ...NOWHERE, '--skip-invalid');
    expect(code).toBe(2);
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(/vinfo.xlsx:1:1: the file is a workbook \(XLSX\).*Save its sheet as "CSV UTF-8"/),
      `--skip-invalid leaves out rows, not files: correct ${zip}. Nothing is registered`,
    ]);
  });

  it('are refused all the same with --skip-invalid, if no server is left', async () => {
    const bad = file('bad.csv', `${HEADER}\nW,,Linux\n`);
    const { code, stderr } = await cli('import', bad, ...NOWHERE, '--skip-invalid');
    expect(code).toBe(2);
    expect(linesOf(stderr)).toHaveLength(2);
    expect(stderr).toMatch(/^no server is left: nothing is registered$/m);
  });
});

describe('import --explain', () => {
  it('says what becomes of each row of each file, without a server', async () => {
    const { code, stdout, stderr } = await cli('import', '--explain', '-o', 'jsonl', ...EXAMPLES);
    expect(code).toBe(0);
    const rows = linesOf(stdout).map((line) => JSON.parse(line) as RowOutcome);
    const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
    expect([rows.length, count('task'), count('joined'), count('skipped')]).toEqual([52, 24, 24, 4]);
    expect(rows.every(({ why, line }) => why !== '' && line > 1)).toBe(true);
    for (const path of EXAMPLES) expect(stderr).toContain(`${path}: `);
    expect(stderr).toMatch(/columns that are not used: .*\bPowerstate\b|columns that are not used: .*\baws_region\b/);
    expect(stderr).toMatch(/^servers: 24 \(24 FQDN, .*, 23 IPV4_ADDRESS\)$/m);
    expect(stderr).toMatch(/^rows: 52 \(24 task, 24 joined, 4 skipped\)$/m);
  });

  it('gives files, servers and rows as one JSON value', async () => {
    const { stdout } = await cli('import', '--explain', '-o', 'json', ...EXAMPLES);
    const { files, servers, rows } = JSON.parse(stdout) as Inventory & { rows: RowOutcome[] };
    expect([files.length, servers.length, rows.length]).toEqual([2, 24, 52]);
    expect(files.map(({ role }) => role)).toEqual(['wave', 'identity']);
    const database = servers.find(({ migrationTaskName }) => migrationTaskName === 'pay-db-01');
    expect(database?.resourceAttributes).toEqual(
      expect.arrayContaining([
        { type: 'FQDN', value: 'pay-db-01.corp.example.com' },
        { type: 'VM_NAME', value: 'Payroll DB (prod)' },
      ]),
    );
  });

  it('counts ids of Application Discovery Service among what Migration Hub finds servers by', async () => {
    const waves = file('waves.csv', 'wave_name,app_name,server_name\nW,A,one\nW,A,two\n');
    const ids = file('ids.csv', 'ServerId,Server.HostName\nd-server-00aa,one\n');
    const { stdout, stderr } = await cli('import', '--explain', '-o', 'jsonl', waves, ids);
    expect(JSON.parse(linesOf(stdout)[0] ?? '')).toMatchObject({ discoveredResource: 'd-server-00aa', wave: 'W' });
    expect(stderr).toMatch(/^servers: 2 \(1 discoveredResource, 1 no attribute\)$/m);
  });

  it('says that without a wave file all servers become tasks', async () => {
    const { code, stderr } = await cli('import', '--explain', EXAMPLES[1] ?? '');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^no wave file is given: all 26 servers of the inventory become tasks, without a wave$/m);
  });

  it('shows a row with an error where the others are, and ends with 2, unless such rows are left out', async () => {
    const path = file(
      'mixed.csv',
      'wave_name,app_name,server_name,server_fqdn\nW,A,one,one.example.com\nW,A,,two.example.com\n',
    );
    const shown = await cli('import', '--explain', path);
    expect(shown.code).toBe(2);
    expect(linesOf(shown.stdout).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['ROW', 'OUTCOME'],
      [`${path}:2`, 'task'],
      [`${path}:3`, 'error'],
    ]);
    const left = await cli('import', '--explain', '--skip-invalid', path);
    expect(left.code).toBe(0);
    expect(left.stderr).toMatch(/^one error; rows left out: 1 \(--skip-invalid\)$/m);
  });

  it('reads another encoding where it is named', async () => {
    const path = file('latin.csv', Buffer.from('wave_name,app_name,server_name\nW\xfcrzburg,A,one\n', 'latin1'));
    expect((await cli('import', '--explain', path)).code).toBe(2);
    const { stdout } = await cli('import', '--explain', '-o', 'json', '--encoding', 'windows-1252', path);
    expect((JSON.parse(stdout) as Inventory).servers).toMatchObject([{ wave: 'Würzburg' }]);
  });
});

it('a file that goes away while it is read is named', async () => {
  const [gone] = openFiles([file('gone.csv', 'wave_name\n')]);
  const { rmSync } = await import('node:fs');
  rmSync(join(folder, 'gone.csv'));
  await expect(readInventory([gone!])).rejects.toThrow(/gone.csv cannot be read: no such file/);
});
