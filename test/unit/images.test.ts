import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { imageOf, read, ROOT } from './dockerfile';

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
    for (const { name } of after) expect(['USER', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT']).toContain(name);
  });

  test('copies what is in the repository and not kept out of the build', () => {
    expect([...image.sources].sort()).toEqual(image.allowed.sort());
    for (const source of image.sources) expect(existsSync(resolve(ROOT, source)), source).toBe(true);
  });

  test('is built by commands that need no more than is copied, and has all that it copies from there', () => {
    const at = mkdtempSync(join(tmpdir(), `image-${folder}-`));
    onTestFinished(() => rmSync(at, { recursive: true, force: true }));
    symlinkSync(resolve(ROOT, 'node_modules'), join(at, 'node_modules'));
    for (const { name, rest } of image.build) {
      if (name === 'COPY') {
        const [to = '', ...sources] = rest.split(/\s+/).reverse();
        for (const source of sources) {
          const target = to.endsWith('/') ? join(at, to, basename(source)) : join(at, to);
          mkdirSync(resolve(target, '..'), { recursive: true });
          cpSync(resolve(ROOT, source), target, { recursive: true });
        }
      }
      if (name === 'RUN' && rest !== 'npm ci') execFileSync('sh', ['-c', rest], { cwd: at, stdio: 'pipe' });
    }
    const built = image.each('COPY').flatMap((rest) => /^--from=build \/build\/(\S+) /.exec(rest)?.slice(1) ?? []);
    expect(built.length).toBeGreaterThan(0);
    for (const path of built) expect(existsSync(join(at, path)), path).toBe(true);
    const [, file = ''] = JSON.parse(image.only('ENTRYPOINT')) as string[];
    expect(existsSync(join(at, file)), file).toBe(true);
  });
});

describe('the image of the emulator', () => {
  const { all, only } = imageOf('emulator');

  test('starts the process itself, without a shell, and says and checks the port it listens on', () => {
    const [node, file, ...flags] = JSON.parse(only('ENTRYPOINT')) as string[];
    expect([node, file, flags]).toEqual(['node', 'lib/emulator/process.js', ['--host', '0.0.0.0']]);
    const port = /DEFAULT_PORT = (\d+)/.exec(read('src/emulator/process.ts'))?.[1];
    expect(only('EXPOSE')).toBe(port);
    const check = JSON.parse(/CMD (\[.*\])$/.exec(only('HEALTHCHECK'))?.[1] ?? '') as string[];
    expect(check.slice(0, 2)).toEqual(['node', '-e']);
    expect(check[2]).toContain(`http://127.0.0.1:${port}/_mgh/health`);
  });

  test('installs what the lockfile says, and no more than it runs', () => {
    const installs = all.filter(({ rest }) => /\bnpm (ci|install|i)\b/.test(rest)).map(({ rest }) => rest);
    expect(installs).toHaveLength(2);
    expect(installs[1]).toMatch(/^npm ci --omit=dev --omit=peer --ignore-scripts\b/);
  });
});

describe('the image of the worker', () => {
  const { all, only } = imageOf('worker');

  test('starts the worker command itself, without a shell, so that SIGTERM reaches it', () => {
    expect(JSON.parse(only('ENTRYPOINT'))).toEqual(['node', 'lib/cli.js', 'worker']);
  });

  test('installs what the lockfile says, with the peers, without what is for development', () => {
    const installs = all.filter(({ rest }) => /\bnpm (ci|install|i)\b/.test(rest)).map(({ rest }) => rest);
    expect(installs).toHaveLength(2);
    expect(installs[1]).toMatch(/^npm pkg delete devDependencies peerDependenciesMeta && npm ci --ignore-scripts\b/);
  });
});
