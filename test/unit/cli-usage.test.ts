import { afterEach, expect, it, vi } from 'vitest';
import { note } from '../../src/cli/output';
import { program } from '../../src/cli/program';
import { cli } from '../cli/run-cli';

const NAMES = program()
  .commands.map((command) => command.name())
  .filter((name) => !['worker', 'emulator'].includes(name));

afterEach(() => vi.unstubAllEnvs());

it.each(NAMES)('%s --help says what it is for, on stdout, and ends with 0', async (name) => {
  const { code, stdout, stderr } = await cli(name, '--help');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: temporal-migration-hub ${name} `));
});

/** Wrong command lines, and what must be named. None of them reaches a server. */
const WRONG: [args: string[], said: RegExp][] = [
  [['lits'], /Did you mean list\?/],
  [['status'], /missing required argument 'stream'/],
  [['status', 'a/b'], /'a\/b' is invalid for argument 'stream'. It must not contain/],
  [['status', 'S', 'a:b'], /'a:b' is invalid for argument 'task'. It must not contain/],
  [['status', 'S', ''], /It must have 1 to 256 characters \(has 0\)/],
  [['status', 'S', 'x'.repeat(257)], /It must have 1 to 256 characters \(has 257\)/],
  [['report', 'S', 'vm-1', 'DONE'], /It must be one of NOT_STARTED, IN_PROGRESS, FAILED, COMPLETED/],
  [['report', 'S', 'vm-1', 'COMPLETE'], /Did you mean COMPLETED\?/],
  [
    ['report', 'S', 'vm-1', 'FAILED', '--percent', '120'],
    /--percent .*'120' is invalid. It must be an integer from 0 to 100/,
  ],
  [['report', 'S', 'vm-1', 'FAILED', '--percent', '4.5'], /It must be an integer from 0 to 100/],
  [['report', 'S', 'vm-1', 'FAILED', '--label', 'wave'], /It must be NAME=VALUE, such as wave=wave-7/],
  [['report', '--wait', 'S', 'vm-1', 'FAILED'], /put --wait last/],
  [['report', 'S', 'vm-1', 'FAILED', '--wait', '-1'], /'-1' is invalid. It must be a number of seconds up to/],
  [['list', '--freshness', 'fresh,stael'], /--freshness has "stael": did you mean stale\?/],
  [['list', '--freshness', 'old'], /--freshness has "old": it must be one of fresh, at-risk/],
  [['list', 'S', '--streams'], /--streams lists all streams: leave out the stream/],
  [['list', '--streams', '--stale'], /'--streams' cannot be used with option '--stale'/],
  [['list', '-o', 'yaml'], /Allowed choices are table, json, jsonl/],
  [['watch', 'S', '-o', 'json'], /use --output jsonl/],
  [['watch', 'S', '--interval', '0'], /It must be an integer from 1 to 86400/],
  [['history', 'S', 'vm-1', '--limit', 'all'], /It must be an integer from 1 to/],
  [['import'], /missing required argument 'file'/],
  [['import', 'no-such.csv'], /needs --stream <name>/],
  [['import', 'no-such.csv', '--stream', 'S'], /no-such.csv cannot be read: no such file/],
  [
    ['import', '.', 'no-such.csv', '--explain'],
    /^\. cannot be read: it is a folder; no-such.csv cannot be read: no such/,
  ],
  [['import', 'README.md', './README.md', '--explain'], /\.\/README\.md and README\.md are the same file/],
  [['import', '-', '-', '--explain'], /- is named twice/],
  [['import', 'README.md', '--explain', '--encoding', 'utf-9'], /It must be a name such as utf-8/],
  [
    ['artifact', 'remove', 'S', 'vm-1', 'arn:aws:ec2:us-west-2::image/ami-1', '--description', 'AMI'],
    /^--description is used only with add: leave it out$/m,
  ],
  [['source-resource', 'remove', 'S', 'vm-1', 'web-01', '--detail', 'x'], /^--detail is used only with add: leave it/m],
  [['completion', 'ksh'], /Allowed choices are bash, zsh, fish/],
  [['status', 'S', '--plugins', './no-such.js'], /--plugins is ".\/no-such.js", but neither the file/],
  [['status', 'S', '--plugins', ''], /--plugins is empty/],
  [['doctor', '--endpoint', 'foo'], /^--endpoint is "foo", but it must be an http or https URL/],
  [['doctor', '--region', 'US-WEST-2'], /^--region is "US-WEST-2", which is no AWS region/],
  [['status', 'S', '--resources', '--endpoint', 'a:b@c/d@e'], /^--endpoint is "e", but/],
  [['mgn-event', '--stream', 'S', '--region', 'US-WEST-2'], /--region .* is invalid. It must be a region such as us/],
];

it.each(WRONG)('%j is refused on stderr with 2', async (args, said) => {
  const { code, stdout, stderr } = await cli(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(said);
  expect(stderr).not.toMatch(/\n +at /);
});

it('what was typed is no command to the terminal, either', async () => {
  for (const args of [
    ['status', 'a\u001b[2J'],
    ['\u001b[2J'],
    ['list', '--\u009b2J'],
    ['list', '--freshness', '\u009b2J'],
  ]) {
    const { code, stderr } = await cli(...args);
    expect(code).toBe(2);
    // eslint-disable-next-line no-control-regex
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  }
});

it.each([
  ['nothing listens', ['--address', '127.0.0.1:1'], /127.0.0.1:1 \(--address\): nothing listens there/],
  ['no such profile', ['--profile', 'nobody'], /--profile: .*nobody/],
])('%s: one line says so, with 2', async (_what, flags, said) => {
  vi.stubEnv('TEMPORAL_ADDRESS', undefined);
  for (const command of [['list'], ['watch', 'S'], ['report', 'S', 'vm-1', 'FAILED'], ['history', 'S', 'vm-1']]) {
    const { code, stdout, stderr } = await cli(...command, ...flags);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(said);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  }
});

it('version names package, SDK and Node', async () => {
  const { code, stdout } = await cli('version', '-o', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    'temporal-migration-hub': expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    '@temporalio/client': expect.stringMatching(/^1\./) as string,
    '@temporalio/worker': expect.stringMatching(/^1\./) as string,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
  });
  expect((await cli('version')).stdout).toMatch(/^temporal-migration-hub +0\./);
});

it('what somebody reported is no command to the terminal in a note', () => {
  const written: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  note('workflow a\u001b[2Jb\u009b2J\nsecond line\u202e');
  spy.mockRestore();
  expect(written).toEqual(['workflow a [2Jb 2J\nsecond line \n']);
});
