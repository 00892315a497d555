import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { imageOf, read, ROOT } from '../../dev/images/dockerfile';
import { listening } from './refusing-server';

const KNOWN = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT'];

describe.each(['emulator', 'worker'])('the image of the %s', (folder) => {
  const image = imageOf(folder);

  test('has a Dockerfile in which every line is an instruction that Docker knows', () => {
    for (const { name, rest } of image.all) expect(KNOWN, rest).toContain(name);
  });

  test('is based on an exact version of Node, one that the package supports, on glibc', () => {
    const bases = image.all.filter(({ name }) => name === 'FROM').map(({ rest }) => rest.split(' ')[0]);
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:20\.\d+\.\d+-bookworm-slim$/);
  });

  test('runs as an ordinary user, with nothing installed after that', () => {
    expect(image.only('USER')).toBe('node');
    const after = image.lastStage.slice(image.lastStage.findIndex(({ name }) => name === 'USER'));
    for (const { name } of after) expect(['USER', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT']).toContain(name);
  });

  test('copies what is in the repository and not kept out of the build', () => {
    expect([...image.sources].sort()).toEqual(image.allowed.sort());
    for (const source of image.sources) expect(existsSync(resolve(ROOT, source)), source).toBe(true);
  });

  test('copies of its stages what they make, into the folder that the program starts in', () => {
    const from = image.each('COPY').flatMap((rest) => /^--from=(\w+) \/(\w+)\//.exec(rest)?.slice(1) ?? []);
    expect(from.length).toBeGreaterThan(2);
    for (const [index, name] of from.entries()) if (index % 2 === 0) expect(from[index + 1]).toBe(name);
    expect(image.stages.map(({ name }) => name)).toEqual(['build', 'modules', undefined]);
    expect(image.only('WORKDIR')).toBe('/app');
  });

  test('installs what the lockfile says, in stages that it leaves behind', () => {
    const installs = image.all.filter(({ rest }) => /\bnpm (ci|install|i)\b/.test(rest));
    expect(installs).toHaveLength(2);
    for (const { rest } of installs) expect(rest).toMatch(/(^|&& )npm ci\b/);
    expect(image.lastStage.filter(({ rest }) => rest.includes('npm'))).toEqual([]);
  });
});

describe('the image of the emulator', () => {
  const { only } = imageOf('emulator');

  test('starts the process itself, without a shell, and says and checks the port it listens on', () => {
    const [node, file, ...flags] = JSON.parse(only('ENTRYPOINT')) as string[];
    expect([node, file, flags]).toEqual(['node', 'lib/emulator/process.js', ['--host', '0.0.0.0']]);
    const port = /DEFAULT_PORT = (\d+)/.exec(read('src/emulator/process.ts'))?.[1];
    expect(only('EXPOSE')).toBe(port);
    const check = JSON.parse(/CMD (\[.*\])$/.exec(only('HEALTHCHECK'))?.[1] ?? '') as string[];
    expect(check.slice(0, 2)).toEqual(['node', '-e']);
    expect(check[2]).toContain(`http://127.0.0.1:${port}/_mgh/health`);
  });
});

describe('the image of the worker', () => {
  const { each, only } = imageOf('worker');

  test('starts the worker command itself, without a shell, so that SIGTERM reaches it', () => {
    expect(JSON.parse(only('ENTRYPOINT'))).toEqual(['node', 'lib/cli.js', 'worker']);
  });

  test('checks the port of its health, which is reached from outside the container', () => {
    const variables = each('ENV').join(' ');
    const port = only('EXPOSE');
    expect(variables).toContain(`TEMPORAL_MIGRATION_HUB_HTTP_PORT=${port}`);
    expect(variables).toContain('TEMPORAL_MIGRATION_HUB_HTTP_HOST=0.0.0.0');
  });

  test('is healthy where its health says so, at the port that it is told, and where it has none', async () => {
    const [program = '', ...args] = JSON.parse(/CMD (\[.*\])$/.exec(only('HEALTHCHECK'))?.[1] ?? '') as string[];
    expect(program).toBe('node');
    const codeAt = async (port: string) => {
      const env = { ...process.env, TEMPORAL_MIGRATION_HUB_HTTP_PORT: port };
      const [code] = (await once(spawn(process.execPath, args, { env, stdio: 'ignore' }), 'exit')) as [number];
      return code;
    };
    const portOf = async (healthz: number) => {
      const server = createServer(({ url }, answer) => answer.writeHead(url === '/healthz' ? healthz : 404).end());
      return (await listening(server)).split(':')[1] as string;
    };
    expect(await codeAt(await portOf(200))).toBe(0);
    expect(await codeAt(await portOf(503))).toBe(1);
    expect(await codeAt('1')).toBe(1);
    expect(await codeAt('')).toBe(0);
  });
});
