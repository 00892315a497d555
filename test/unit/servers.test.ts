import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { version } from '@temporalio/testing/package.json';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startDevServer } from '../../dev/servers';
import { devServerExecutable, devServerRoutes, timeSkippingRoutes } from '../../dev/servers/executables';
import { run } from '../../dev/servers/command';
import { cacheDir } from '../../src/temporal-cli/cache';
import { withLock } from '../../src/temporal-cli/lock';
import { firstExecutable, type Route } from '../../src/temporal-cli/route';
import { cliRoutes } from '../../src/temporal-cli/routes';

const silent = () => undefined;
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'servers-test-'));
  vi.stubEnv('TEMPORAL_MIGRATION_HUB_CACHE', join(dir, 'cache'));
  vi.stubEnv('TEMPORAL_ADDRESS', '');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(dir, { recursive: true, force: true });
});

async function program(path: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, '#!/bin/sh\n');
  await chmod(path, 0o755);
  return path;
}

describe('dev server', () => {
  it('connects to TEMPORAL_ADDRESS and starts nothing', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', 'temporal.example:7233');
    vi.stubEnv('TEMPORAL_NAMESPACE', 'staging');
    const env = { address: 'temporal.example:7233', teardown: vi.fn() } as unknown as TestWorkflowEnvironment;
    const existing = vi.spyOn(TestWorkflowEnvironment, 'createFromExistingServer').mockResolvedValue(env);
    const local = vi.spyOn(TestWorkflowEnvironment, 'createLocal').mockRejectedValue(new Error('started'));
    const lines: string[] = [];
    const server = await startDevServer({ port: 7000, log: (line) => lines.push(line) });
    expect(server.address).toBe('temporal.example:7233');
    expect(existing).toHaveBeenCalledWith({ address: 'temporal.example:7233', namespace: 'staging' });
    expect(local).not.toHaveBeenCalled();
    expect(lines.join('\n')).toContain('port is ignored');
  });

  it('names TEMPORAL_ADDRESS when nobody answers there', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', 'nowhere:1');
    vi.spyOn(TestWorkflowEnvironment, 'createFromExistingServer').mockRejectedValue(new Error('refused'));
    await expect(startDevServer({ log: silent })).rejects.toThrow(/TEMPORAL_ADDRESS=nowhere:1 .*refused.*unset/);
  });

  it('is `temporal` on PATH before the one in the cache', async () => {
    const cached = await program(join(cacheDir(), 'bin', 'temporal-v1.5.1'));
    vi.stubEnv('PATH', join(dir, 'bin'));
    expect(await devServerExecutable(silent)).toEqual({ type: 'existing-path', path: cached });
    const onPath = await program(join(dir, 'bin', 'temporal'));
    expect(await devServerExecutable(silent)).toEqual({ type: 'existing-path', path: onPath });
  });

  it('passes over files on PATH that cannot be executed', async () => {
    const cached = await program(join(cacheDir(), 'bin', 'temporal-v1.5.1'));
    await chmod(await program(join(dir, 'bin', 'temporal')), 0o644);
    vi.stubEnv('PATH', join(dir, 'bin'));
    expect((await devServerExecutable(silent)).path).toBe(cached);
  });
});

describe('when no server can be had', () => {
  beforeEach(() => {
    vi.stubEnv('PATH', join(dir, 'empty'));
    vi.spyOn(TestWorkflowEnvironment, 'createLocal').mockRejectedValue(new Error('download blocked'));
    vi.spyOn(TestWorkflowEnvironment, 'createTimeSkipping').mockRejectedValue(new Error('download blocked'));
  });

  it('lists every way to a dev server and what went wrong on it', async () => {
    const failure = firstExecutable('dev server', devServerRoutes(), silent);
    const ways = [
      'TEMPORAL_ADDRESS is not set',
      '`temporal` is not on PATH',
      'download blocked',
      '`go` is not on PATH',
    ];
    await expect(failure).rejects.toThrow(new RegExp(ways.map((way) => `[^]*Now: ${way}`).join('')));
  });

  it('lists every way to a time-skipping server and what went wrong on it', async () => {
    const failure = firstExecutable('time-skipping server', timeSkippingRoutes(), silent);
    await expect(failure).rejects.toThrow(/Now: download blocked[^]*Now: `java` is not on PATH/);
  });

  it('lists for users of the package those that need no compiler', async () => {
    const failure = firstExecutable('dev server', cliRoutes(), silent);
    const ways = ['none is named', '`temporal` is not on PATH', 'it is not there', 'download blocked'];
    await expect(failure).rejects.toThrow(new RegExp(ways.map((way) => `[^]*Now: ${way}`).join('')));
  });

  it('says so where nothing can be kept in the cache, with the variable that names another folder', async () => {
    const file = join(dir, 'a-file');
    await writeFile(file, '');
    vi.stubEnv('TEMPORAL_MIGRATION_HUB_CACHE', file);
    const failure = firstExecutable('dev server', cliRoutes(), silent);
    await expect(failure).rejects.toThrow(
      /^No dev server can be had[^]*Now: \w+: .*: set TEMPORAL_MIGRATION_HUB_CACHE to a folder that can be written/,
    );
  });

  it('leaves no lock and no temporary directory behind', async () => {
    await expect(firstExecutable('dev server', devServerRoutes(), silent)).rejects.toThrow();
    expect(await readdir(cacheDir())).toEqual(['download']);
  });
});

describe('the download', () => {
  const downloaded = () => join(cacheDir(), 'download', `dev-server-${version}`);
  const start = (work: (env: { teardown(): Promise<void> }) => Promise<void>) =>
    vi.spyOn(TestWorkflowEnvironment, 'createLocal').mockImplementation(async () => {
      const env = { teardown: vi.fn(() => Promise.resolve()) };
      await work(env);
      return env as unknown as TestWorkflowEnvironment;
    });
  beforeEach(() => vi.stubEnv('PATH', join(dir, 'empty')));

  it('says how far it is, ends the server that came of it, and is not made twice', async () => {
    const PROGRESS = 'downloading the Temporal CLI: 25 MB';
    const lines: string[] = [];
    const ended: (() => Promise<void>)[] = [];
    const making = start(async ({ teardown }) => {
      ended.push(teardown);
      await writeFile(join(downloaded(), 'temporal.downloading'), Buffer.alloc(25_000_000));
      while (!lines.includes(PROGRESS)) await delay(20);
      await rm(join(downloaded(), 'temporal.downloading'));
      await program(join(downloaded(), 'temporal-sdk'));
    });
    await mkdir(downloaded(), { recursive: true });
    // Of a process that was killed: it must not be waited for.
    await writeFile(join(downloaded(), 'old.downloading'), '');
    const path = await firstExecutable('dev server', cliRoutes(), (line) => lines.push(line));
    expect(path).toBe(join(downloaded(), 'temporal-sdk'));
    expect(await readdir(downloaded())).toEqual(['temporal-sdk']);
    expect(ended).toHaveLength(1);
    expect(ended[0]).toHaveBeenCalledTimes(1);
    expect(await firstExecutable('dev server', cliRoutes(), silent)).toBe(path);
    expect(making).toHaveBeenCalledTimes(1);
  });

  it('ends with the signal, though not before a server that has just been started is ended', async () => {
    const stop = new AbortController();
    let isEnded = false;
    start(async (env) => {
      await program(join(downloaded(), 'temporal-sdk'));
      stop.abort(new Error('interrupted'));
      await delay(300);
      env.teardown = () => Promise.resolve(void (isEnded = true));
    });
    await expect(firstExecutable('dev server', cliRoutes(), silent, stop.signal)).rejects.toThrow('interrupted');
    expect(isEnded).toBe(true);
    expect(await readdir(cacheDir())).toEqual(['download']);
  });
});

describe('building', () => {
  const times = { beatMs: 10, staleMs: 200, pollMs: 5 };

  it('happens once when several resolve at the same time', async () => {
    let built: string | undefined;
    const make = vi.fn(async () => {
      await delay(50);
      return (built = '/built');
    });
    const route: Route = { provide: 'Build it.', find: () => Promise.resolve(built), make };
    const all = await Promise.all([1, 2, 3].map(() => firstExecutable('dev server', [route], silent)));
    expect(all).toEqual(['/built', '/built', '/built']);
    expect(make).toHaveBeenCalledTimes(1);
  });

  it('is not interrupted while the holder of the lock lives', async () => {
    const file = join(dir, 'a.lock');
    let inside = 0;
    const work = async () => {
      expect(++inside).toBe(1);
      await delay(400);
      inside--;
    };
    await Promise.all([withLock(file, silent, work, times), withLock(file, silent, work, times)]);
  });

  it('clears the lock of a process that ended', async () => {
    const file = join(dir, 'a.lock');
    await writeFile(file, 'dead');
    await utimes(file, 1, 1);
    const lines: string[] = [];
    expect(
      await withLock(
        file,
        (line) => lines.push(line),
        () => Promise.resolve('done'),
        times,
      ),
    ).toBe('done');
    expect(lines).toEqual([`clearing ${file}, left by a process that ended`]);
    expect(await readdir(dir)).toEqual([]);
  });

  it('fails with what the command wrote', async () => {
    const script = 'console.error("no module"); process.exit(3)';
    await expect(run(process.execPath, ['-e', script], { timeoutMs: 10_000 })).rejects.toThrow(
      /exit code 3\nno module/,
    );
  });
});
