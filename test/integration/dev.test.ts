import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { expect, it, onTestFinished } from 'vitest';
import { MigrationHubClient } from '../../src';
import { send } from './board-browser';
import { startDev, tasksAt } from './dev-process';
import { encrypted } from './encrypting-codec';
import { until } from './harness';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'dev-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

it('one command starts everything, sample migrations move, Ctrl-C leaves nothing behind, and the next one goes on', async () => {
  const keep = join(await folder(), 'state');
  const first = await startDev(['--keep', keep]);
  const { temporal, migrationHub, sample, variables } = await first.ready();
  expect(variables).toMatchObject({
    TEMPORAL_ADDRESS: temporal.address,
    AWS_ENDPOINT_URL_MIGRATION_HUB: migrationHub,
  });
  expect((await fetch(temporal.ui ?? '')).status).toBe(200);
  // Those that wait for their wave are NOT_STARTED: one that is further has moved.
  await until('all servers are there, and some move', async () => {
    const tasks = await tasksAt(migrationHub);
    return (
      tasks.length === sample?.servers && tasks.filter(({ progressPercent }) => (progressPercent ?? 0) > 5).length > 3
    );
  });
  const before = await tasksAt(migrationHub);
  expect(first.processes().length).toBeGreaterThan(1);
  first.child.kill('SIGINT');
  // npm passes on what the terminal has sent to both: it is one Ctrl-C.
  first.child.kill('SIGINT');
  expect(await first.ended()).toBe(0);
  await until('no process is left', () => first.processes().length === 0);
  expect(first.stdout().split('\n')).toHaveLength(2);
  expect((await readdir(keep)).sort()).toEqual(expect.arrayContaining(['migration-hub.jsonl', 'temporal.sqlite']));

  // Without the worker of the sample its migrations stand still, but are open: heartbeats go on.
  const second = await startDev(['--keep', keep, '--no-sample']);
  const again = await second.ready();
  expect(again.sample).toBeUndefined();
  const after = await tasksAt(again.migrationHub);
  expect(after.map(({ migrationTaskName }) => migrationTaskName)).toEqual(
    before.map(({ migrationTaskName }) => migrationTaskName),
  );
  const moving = before.find(({ status }) => status === 'IN_PROGRESS');
  await until('a heartbeat of what moved before', async () => {
    const now = (await tasksAt(again.migrationHub)).find(
      (task) => task.migrationTaskName === moving?.migrationTaskName,
    );
    return (now?.updateDateTime ?? 0) > (moving?.updateDateTime ?? 0);
  });
  second.child.kill('SIGKILL');
  await second.ended();
  await until('nothing outlives a dev that was killed', () => second.processes().length === 0);
});

it('plugins that the shell names are those of its worker, too: what other commands encrypt arrives', async () => {
  const module = join(__dirname, '../fixtures/our-plugins.cjs');
  const dev = await startDev(['--no-sample'], { TEMPORAL_MIGRATION_HUB_PLUGINS: module });
  const { temporal, migrationHub } = await dev.ready();
  const connection = await Connection.connect({ address: temporal.address });
  onTestFinished(() => connection.close());
  const client = new Client({ connection, dataConverter: { payloadCodecs: [encrypted] } });
  const task = { progressUpdateStream: 'Secret', migrationTaskName: 'vm-1', status: 'IN_PROGRESS' } as const;
  const hub = new MigrationHubClient({ client });
  await hub.waitForDelivery(await hub.report(task));
  expect(await tasksAt(migrationHub)).toMatchObject([{ migrationTaskName: 'vm-1', status: 'IN_PROGRESS' }]);
  dev.child.kill('SIGINT');
  expect(await dev.ended()).toBe(0);
});

it('its board answers to other host names that are given; what is none is refused before anything starts', async () => {
  const dev = await startDev(['--no-sample', '--allow-host', 'box.example', '--allow-host', 'other.example']);
  const { board = '' } = await dev.ready();
  const answers = ['box.example:8644', 'other.example', 'third.example'].map((host) =>
    send(board, '/', { headers: { host } }),
  );
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 421]);
  const wrong = await startDev(['--allow-host', 'http://box.example']);
  expect(await wrong.ended()).toBe(2);
  expect(wrong.stderr()).toMatch(/^--allow-host is "http:\/\/box\.example", but it must be an address or a host name/);
  expect(wrong.stdout()).toBe('');
});

it.each([
  ['what Temporal said last', 'no such table'],
  ['its panic', 'panic: listen tcp 127.0.0.1:35001\n\ngoroutine 1 [running]:\nmain.main()\n\tmain.go:18 +0x96'],
])('ends with %s, where that does not start', async (_what, said) => {
  const at = await folder();
  await writeFile(join(at, 'temporal'), `#!/bin/sh\ncat >&2 <<END\n${said}\nEND\nexit 2\n`, { mode: 0o755 });
  const dev = await startDev([], { PATH: `${at}:${process.env['PATH']}` });
  expect(await dev.ended()).toBe(2);
  expect(dev.stderr()).toContain(`${at}/temporal server start-dev has ended with code 2: ${said.split('\n')[0]}\n`);
  expect(dev.stdout()).toBe('');
});

it('says in one line which port is taken, and starts nothing', async () => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const dev = await startDev(['--ui-port', String(port)]);
  expect(await dev.ended()).toBe(2);
  expect(dev.stderr()).toBe(
    `--ui-port is ${port}, but something listens there already: name another port (0: any that is free), or end it\n`,
  );
});
