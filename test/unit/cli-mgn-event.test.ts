import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsIn } from '../../src/cli/event-file';
import { CLI } from '../built';
import { cli } from '../cli/run-cli';
import { call, calls, launch, lifecycle, SERVER } from '../fixtures/mgn-events';

const folder = mkdtempSync(join(tmpdir(), 'mgn-'));
const fileOf = (name: string, text: string | Buffer) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const dryRun = (...args: string[]) => cli('mgn-event', ...args, '--stream', 'Exit', '--dry-run');
const OTHER = 's-bbbbbbbbbbbbbbbbb';

describe('a dry run', () => {
  it('writes what would be reported of each event, and what is ignored, without a server', async () => {
    const archived = { ...call('MarkAsArchived', {}), time: 'soon' };
    const events = [lifecycle('READY_FOR_TEST'), archived, launch('TEST_LAUNCH_FAILED', 60)];
    const file = fileOf('events.jsonl', events.map((event) => JSON.stringify(event)).join('\n\n'));
    const { code, stdout, stderr } = await dryRun(file, '-o', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '3 events: 2 to be reported, 1 ignored\n' });
    expect(JSON.parse(stdout)).toMatchObject([
      {
        id: events[0]?.id,
        time: '2024-03-02T09:00:00Z',
        sourceServerId: SERVER,
        outcome: 'reportable',
        progressPercent: 30,
      },
      { outcome: 'ignored', time: 'soon', reason: expect.stringMatching(/^time is "soon"/) as string },
      {
        migrationTaskName: SERVER,
        status: 'IN_PROGRESS',
        statusDetail: expect.stringMatching(/^MGN: Test launch failed/) as string,
      },
    ]);
    expect((await dryRun(file, '--time-format', 'iso')).stdout).toMatch(
      /^TIME +SERVER +TASK +OUTCOME +STATUS +PERCENT +DETAIL\n2024-03-02T09/,
    );
  });

  it.each([
    ['UTF-16LE, as PowerShell 5.1 writes it', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16BE', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-8', (text: string) => Buffer.from(`\ufeff${text}`)],
  ])('reads events and names with the byte order mark of %s, from files and from stdin', async (_what, encode) => {
    const names = fileOf('marked-names.json', encode(JSON.stringify({ [SERVER]: 'zürich-01' })));
    const bytes = encode(JSON.stringify(lifecycle('READY_FOR_TEST')));
    const shown = await dryRun(fileOf('marked.json', bytes), '--names', names, '-o', 'jsonl');
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('"zürich-01"') as string });
    const args = ['mgn-event', '--stream', 'Exit', '--dry-run', '--names', names, '-o', 'jsonl'];
    const child = spawnSync(process.execPath, [CLI, ...args], { input: bytes, encoding: 'utf8' });
    expect([child.status, child.stdout]).toEqual([0, shown.stdout]);
  });

  it('refuses what is no text in its encoding, since the task of such a name could not be deleted', async () => {
    const file = fileOf('events.json', JSON.stringify(lifecycle('READY_FOR_TEST')));
    const names = fileOf('latin.json', Buffer.from(JSON.stringify({ [SERVER]: 'zürich-01' }), 'latin1'));
    const { code, stderr } = await dryRun(file, '--names', names);
    expect([code, stderr]).toEqual([2, expect.stringContaining('latin.json is no text in UTF-8: save it as UTF-8')]);
  });

  it('takes names, and leaves servers out that have none', async () => {
    const names = fileOf('names.json', `\ufeff${JSON.stringify({ [SERVER]: 'web-01' })}`);
    const file = fileOf(
      'several.json',
      JSON.stringify(call('StartTest', { sourceServerIDs: [SERVER, OTHER] }), null, 2),
    );
    const { code, stdout } = await dryRun(file, '--names', names, '-o', 'jsonl');
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { migrationTaskName: 'web-01', outcome: 'reportable' },
      { sourceServerId: OTHER, outcome: 'ignored', reason: `there is no task name for ${OTHER}` },
    ]);
  });

  it('says which names several servers have, and which differ only in case', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'].map((letter) => `s-${letter.repeat(17)}`);
    const given = ['web-01', 'web-01', 'db', 'DB', 'mail'];
    const names = fileOf('twice.json', JSON.stringify(Object.fromEntries(ids.map((id, i) => [id, given[i]]))));
    const { stderr } = await dryRun(fileOf('one.json', JSON.stringify(calls.CUTOVER())), '--names', names);
    expect(stderr.split('\n').slice(0, 3)).toEqual([
      '2 source servers have the task name web-01: they are one task, which shows the events of all',
      'the task names db, DB differ only in case: they are tasks of their own',
      'one event: 1 ignored',
    ]);
  });

  it('ends with 1 where nothing would be reported', async () => {
    const file = fileOf('cutover.json', JSON.stringify([calls.CUTOVER()]));
    for (const only of [
      ['--account', '444455556666', '--account', '444455556667'],
      ['--region', 'eu-west-1'],
    ]) {
      const { code, stdout, stderr } = await dryRun(file, ...only);
      expect(code).toBe(1);
      expect(stdout).toContain('ignored');
      expect(stderr).toBe('one event: 1 ignored\nno event says how far a server is: nothing is reported\n');
    }
  });

  it('reads stdin', async () => {
    const stdout = await new Promise<string>((resolve, reject) => {
      const args = [CLI, 'mgn-event', '--stream', 'Exit', '--dry-run', '-o', 'jsonl'];
      const child = execFile(process.execPath, args, (error, out) => (error ? reject(error) : resolve(out)));
      child.stdin?.end(JSON.stringify(calls.CUTOVER()));
    });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'COMPLETED', outcome: 'reportable' });
  });
});

it.each([
  ['', [], /has no event: give EventBridge events as JSON$/m],
  ['\ufeff \n\n', [], /has no event/],
  ['{"source": ', [], /is no JSON: .*: nothing is reported$/m],
  ['{}\nnot json\n{}', [], /:2 is no JSON: .*: nothing is reported$/m],
  ['{}', ['--account', '1111'], /'--account <id>' argument '1111' is invalid. It must be an account id of 12 digits/],
  [
    JSON.stringify(lifecycle('TESTING')),
    ['--next-update-seconds', '10'],
    /nextUpdateSeconds is 10, but it must be at least 45/,
  ],
])('a text that is wrong, or a wrong flag, is refused with 2: %j %j', async (text, flags, message) => {
  const { code, stdout, stderr } = await dryRun(fileOf('wrong.json', text), ...flags);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

it.each([
  ['no-such.json', undefined, /no-such.json cannot be read: no such file/],
  ['names.txt', 'web-01', /It is not JSON/],
  ['names.json', '["web-01"]', /It must hold a JSON object such as/],
  ['names.json', `{"${SERVER}": "a:b"}`, /"a:b", but it must not contain ":" or "\|"/],
  ['names.json', `{"${SERVER}": 7}`, /is 7, but it must be a string/],
])('names in %s with %j are refused with 2', async (name, text, message) => {
  const file = text === undefined ? join(folder, name) : fileOf(name, text);
  const { code, stdout, stderr } = await dryRun(fileOf('ok.json', '{}'), '--names', file);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

it.each([
  ['{"a": 1}', 1],
  ['{\n  "a": 1\n}', 1],
  ['[{"a": 1}, {"a": 2}]', 2],
  ['[\n{"a": 1}\n,\n{"a": 2}\n]', 2],
  ['\ufeff{"a": 1}\r\n{"a": 2}\r\n\r\n', 2],
])('%j is read', (text, count) => expect(eventsIn(text, 'x')).toHaveLength(count));
