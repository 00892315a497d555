import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFiles } from '../../src/cli/import/open-files';
import { readInventory } from '../../src/inventory';
import type { ReportedState } from '../../src/task-state';
import { CLI } from '../built';
import { cli } from '../cli/run-cli';
import { startHarness, until, type Harness } from './harness';

let h: Harness;
let flags: string[];
beforeAll(async () => {
  h = await startHarness();
  await h.startHub();
  flags = ['--address', h.server.address, '--namespace', h.namespace];
});
afterAll(async () => {
  await h?.stopAll();
  await h?.close();
});

const hubCli = (...args: string[]) => cli(...args, ...flags);
const tasksOf = (stream: string) =>
  h.emulator.tasks().filter(({ progressUpdateStream }) => progressUpdateStream === stream);
const outcomesOf = ({ stdout }: { stdout: string }) =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { outcome: string }).outcome);
const EXAMPLES = ['intake', 'vinfo'].map((name) => join(__dirname, `../../examples/waves/datacenter-exit-${name}.csv`));

it('two files are joined and registered with labels and attributes; what was reported before is left alone', async () => {
  const importing = (...more: string[]) => hubCli('import', ...EXAMPLES, '--stream', 'Joined', '-o', 'jsonl', ...more);
  await hubCli('report', 'Joined', 'pay-db-01', 'IN_PROGRESS', '--percent', '70', '--wait', '300');
  const dry = await importing('--dry-run');
  expect(dry.stderr).toMatch(
    /^servers: 24 \(23 to be registered, 1 reported before: left alone, attributes included\)$/m,
  );
  expect(outcomesOf(dry).filter((each) => each === 'new')).toHaveLength(23);
  expect(tasksOf('Joined')).toHaveLength(1);

  const first = await importing();
  expect(first.code).toBe(0);
  expect(first.stderr).toMatch(/^servers: 24 \(23 registered, 1 reported before: left alone, attributes included\)$/m);
  expect(outcomesOf(first).filter((each) => each === 'registered')).toHaveLength(23);
  const { servers } = await readInventory(openFiles(EXAMPLES));
  await until('status and attributes of all', () => {
    const has = tasksOf('Joined').filter(({ status, attributes }) => status === 'NOT_STARTED' && attributes.length > 0);
    return has.length === 23;
  });
  for (const { migrationTaskName, attributes } of tasksOf('Joined')) {
    if (migrationTaskName === 'pay-db-01') continue;
    const server = servers.find((each) => each.migrationTaskName === migrationTaskName);
    expect(attributes, migrationTaskName).toEqual(server?.resourceAttributes);
  }
  const cache = tasksOf('Joined').find(({ migrationTaskName }) => migrationTaskName === 'shop-cache-01');
  expect(cache?.attributes).toEqual(
    expect.arrayContaining([
      { type: 'VM_NAME', value: 'shop-redis-01' },
      { type: 'VM_MANAGED_OBJECT_REFERENCE', value: 'vm-120' },
      { type: 'IPV4_ADDRESS', value: '10.20.21.30' },
    ]),
  );
  expect(tasksOf('Joined')).toContainEqual(
    expect.objectContaining({ migrationTaskName: 'pay-db-01', progressPercent: 70, attributes: [] }),
  );
  const { stdout } = await hubCli('status', 'Joined', 'shop-cache-01', '-o', 'json');
  expect((JSON.parse(stdout) as ReportedState).labels).toEqual({ wave: 'Wave 2', application: 'Web Shop' });

  const again = await importing();
  expect(again.stderr).toMatch(/^servers: 24 \(24 reported before: left alone, attributes included\)$/m);
});

it('of files with an error nothing is registered, and with --skip-invalid all that is right', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'import-')), 'intake.csv');
  writeFileSync(file, 'wave_name,app_name,server_name\nW,A,one\nW,A,\nW,A,three\n');
  const importing = (...more: string[]) => hubCli('import', file, '--stream', 'Broken', '-o', 'jsonl', ...more);
  const refused = await importing();
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(`${file}:3:5: `);
  expect(await hubCli('status', 'Broken')).toMatchObject({ code: 1 });

  const rest = await importing('--skip-invalid');
  expect(rest.code).toBe(0);
  expect(outcomesOf(rest)).toEqual(['registered', 'registered']);
  expect(rest.stderr).toContain(`${file}:3:5: `);
  expect(rest.stderr).toMatch(/^one error; rows left out: 1 \(--skip-invalid\)\nservers: 2 \(2 registered\)$/m);
  await until('both', () => tasksOf('Broken').filter(({ status }) => status === 'NOT_STARTED').length === 2);
});

it('where nobody reads what is written, all servers are registered all the same', async () => {
  const inventory = EXAMPLES.filter((path) => path.includes('vinfo'));
  const child = spawn(process.execPath, [CLI, 'import', ...inventory, '--stream', 'Unread', ...flags]);
  // It notes that there is no wave file before it registers anything.
  child.stdout.destroy();
  child.stderr.destroy();
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
  const { servers } = await readInventory(openFiles(inventory));
  expect(servers.length).toBeGreaterThan(20);
  await until('all of them', () => tasksOf('Unread').length === servers.length);
});

it('a server whose task is known in another spelling gets no second one; other labels of a known task are warned of', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'import-')), 'intake.csv');
  writeFileSync(file, 'wave_name,app_name,server_name\nW,A,WEB-01\nW,A,two\n');
  const importing = (...more: string[]) => hubCli('import', file, '--stream', 'Spelled', '-o', 'jsonl', ...more);
  expect((await importing()).code).toBe(0);
  await until('both are listed', async () => {
    const { stdout } = await hubCli('status', 'Spelled', '-o', 'jsonl');
    return stdout.split('\n').filter(Boolean).length === 2;
  });
  writeFileSync(file, 'wave_name,app_name,server_name\nW,A,web-01\nX,A,two\nW,A,three\n');
  const refused = await importing();
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(`${file}:2: the stream has the task "WEB-01", and "web-01" is another spelling.`);

  const rest = await importing('--skip-invalid');
  expect(rest.code).toBe(0);
  expect(outcomesOf(rest)).toEqual(['refused', 'known', 'registered']);
  expect(rest.stderr).toContain(`${file}:3: warning: the task "two" was reported before with wave "W", not "X": `);
  await until('three', () => tasksOf('Spelled').length === 3);
  expect(tasksOf('Spelled').map(({ migrationTaskName }) => migrationTaskName)).not.toContain('web-01');
});
