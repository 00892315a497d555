import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keptIn } from '../../src/dev-environment/kept-files';
import { otherWorkers } from '../../src/dev-environment/other-workers';
import { Parts } from '../../src/dev-environment/parts';
import { claimPorts } from '../../src/dev-environment/ports';
import { SAMPLE_SERVERS } from '../../src/dev-environment/sample/servers';

describe('ports', () => {
  it('0 is any free one, for each part another', async () => {
    const ports = Object.values(await claimPorts({ temporal: 0, ui: 0, emulator: 0, board: 0 }));
    expect(new Set(ports).size).toBe(4);
    for (const port of ports) expect(port).toBeGreaterThan(1023);
  });

  it('one that is taken is refused with its flag, and with what a Temporal server there is good for', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    await expect(claimPorts({ emulator: port, board: 0 })).rejects.toThrow(
      `--emulator-port is ${port}, but something listens there already: name another port (0: any that is free), or end it`,
    );
    await expect(claimPorts({ temporal: port, ui: 0, emulator: 0, board: 0 })).rejects.toThrow(
      `name another port (0: any that is free), or end it; if Temporal runs there, name it: --address localhost:${port}`,
    );
  });

  it('one for two parts is refused with both flags', async () => {
    await expect(claimPorts({ temporal: 7001, ui: 7001, emulator: 0, board: 0 })).rejects.toThrow(
      '--temporal-port and --ui-port are both 7001: each part needs its own port',
    );
  });
});

describe('the folder that is kept', () => {
  it('is made; without one nothing is kept', async () => {
    const at = await mkdtemp(join(tmpdir(), 'kept-'));
    onTestFinished(() => rm(at, { recursive: true }));
    const files = await keptIn(join(at, 'a/b'));
    expect(files).toEqual({
      temporal: join(at, 'a/b/temporal.sqlite'),
      emulator: join(at, 'a/b/migration-hub.jsonl'),
    });
    expect(await readdir(join(at, 'a/b'))).toEqual([]);
    expect(await keptIn(undefined)).toEqual({});
  });

  it.each(['file', 'file/below'])('is refused where it is %s', async (name) => {
    const at = await mkdtemp(join(tmpdir(), 'kept-'));
    onTestFinished(() => rm(at, { recursive: true }));
    await writeFile(join(at, 'file'), '');
    await expect(keptIn(join(at, name))).rejects.toThrow(
      `--keep ${join(at, name)} is a file, or below one: name a folder that you may write to`,
    );
    await expect(keptIn('')).rejects.toThrow('--keep is empty, but it must name a folder');
  });
});

describe('what was started', () => {
  it('is stopped in the opposite order; one that fails is said, and does not hold the others up', async () => {
    const said: string[] = [];
    const stopped: string[] = [];
    const parts = new Parts((line) => said.push(line));
    parts.add('a', () => Promise.resolve(stopped.push('a')));
    parts.add('b', () => Promise.reject(new Error('stuck')));
    parts.add('c', () => Promise.resolve(stopped.push('c')), new Promise(() => undefined));
    await parts.stop();
    expect(stopped).toEqual(['c', 'a']);
    expect(said).toEqual(['b did not stop in order: stuck']);
  });

  it('tells which part has ended by itself, and why; not while all are stopped', async () => {
    const parts = new Parts(() => undefined);
    let end: (why: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => (end = resolve));
    parts.add('the Temporal server', () => Promise.resolve(end('with code 0')), ended);
    await parts.stop();
    const failing = new Parts(() => undefined);
    failing.add('the Temporal server', () => Promise.resolve(), ended);
    await expect(failing.failed).rejects.toThrow('the Temporal server has ended: with code 0');
    expect(await Promise.race([parts.failed, Promise.resolve('nothing')])).toBe('nothing');
  });
});

describe('other workers of a server that is given', () => {
  const now = Math.floor(Date.now() / 1000);
  const clientWith = (pollers: [identity: string, secondsAgo: number][]) =>
    ({
      options: { namespace: 'default' },
      workflowService: {
        describeTaskQueue: ({ taskQueue }: { taskQueue: { name: string } }) =>
          Promise.resolve({
            pollers: (taskQueue.name === 'migration-hub-notify' ? pollers : []).map(([identity, ago]) => ({
              identity,
              lastAccessTime: { seconds: now - ago },
            })),
          }),
      },
    }) as unknown as Client;

  it('are those that asked for tasks in the last minute and a half, wherever they run', async () => {
    const here = `${process.pid}@${hostname()}`;
    const client = clientWith([
      [here, 2],
      ['17@elsewhere', 60],
      ['18@elsewhere', 100],
      ['a-name', 3],
    ]);
    expect(await otherWorkers(client)).toEqual([here, '17@elsewhere', 'a-name']);
    expect(await otherWorkers(clientWith([]))).toEqual([]);
  });

  it('are not those of a dev that has ended on this machine', async () => {
    // Larger than any process id.
    expect(await otherWorkers(clientWith([[`99999999@${hostname()}`, 2]]))).toEqual([]);
  });
});

it('the sample: every server has a name of its own, and the first wave begins at once', () => {
  expect(new Set(SAMPLE_SERVERS.map(({ name }) => name)).size).toBe(SAMPLE_SERVERS.length);
  expect(Math.min(...SAMPLE_SERVERS.map(({ startSeconds }) => startSeconds))).toBe(0);
  expect(new Set(SAMPLE_SERVERS.map(({ wave }) => wave)).size).toBe(3);
  expect(SAMPLE_SERVERS.filter(({ failsAt }) => failsAt).length).toBeGreaterThan(0);
});
