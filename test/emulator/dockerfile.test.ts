import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(__dirname, '../..');
const read = (path: string) => readFileSync(resolve(ROOT, path), 'utf8');

/** The instructions of a Dockerfile in order, lines joined, comments left out. */
function instructionsOf(source: string): { name: string; rest: string }[] {
  const joined = source.replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, '');
  return joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { name, rest };
    });
}

const all = instructionsOf(read('docker/emulator/Dockerfile'));
const lastStage = all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
const only = (name: string) => {
  const found = lastStage.filter((each) => each.name === name);
  expect(found, name).toHaveLength(1);
  return found[0]?.rest ?? '';
};

test('every line of the image’s Dockerfile is an instruction that Docker knows', () => {
  const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT'];
  for (const { name, rest } of all) expect(known, rest).toContain(name);
});

test('the image is based on an exact version of Node, one that the package supports, on glibc', () => {
  const bases = all.filter(({ name }) => name === 'FROM').map(({ rest }) => rest.split(' ')[0]);
  expect(new Set(bases).size).toBe(1);
  expect(bases[0]).toMatch(/^node:20\.\d+\.\d+-bookworm-slim$/);
});

test('the image runs as an ordinary user, with nothing installed after that', () => {
  expect(only('USER')).toBe('node');
  const after = lastStage.slice(lastStage.findIndex(({ name }) => name === 'USER')).map(({ name }) => name);
  expect(after).toEqual(['USER', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT']);
});

test('the image starts the process itself, without a shell, and says and checks the port it listens on', () => {
  const [node, file = '', ...flags] = JSON.parse(only('ENTRYPOINT')) as string[];
  expect([node, flags]).toEqual(['node', ['--host', '0.0.0.0']]);
  expect(existsSync(resolve(ROOT, file.replace(/^lib/, 'src').replace(/\.js$/, '.ts')))).toBe(true);
  const port = /DEFAULT_PORT = (\d+)/.exec(read('src/emulator/process.ts'))?.[1];
  expect(only('EXPOSE')).toBe(port);
  const check = JSON.parse(/CMD (\[.*\])$/.exec(only('HEALTHCHECK'))?.[1] ?? '') as string[];
  expect(check.slice(0, 2)).toEqual(['node', '-e']);
  expect(check[2]).toContain(`http://127.0.0.1:${port}/_mgh/health`);
});

test('the image installs what the lockfile says, and no more than it runs', () => {
  const installs = all.filter(({ rest }) => /\bnpm (ci|install|i)\b/.test(rest)).map(({ rest }) => rest);
  expect(installs).toHaveLength(2);
  expect(installs[1]).toMatch(/^npm ci --omit=dev --omit=peer --ignore-scripts\b/);
});

test('what the image copies is in the repository and not kept out of the build', () => {
  const context = all.filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'));
  const sources = new Set(context.flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1)));
  const allowed = read('docker/emulator/Dockerfile.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  expect([...sources].sort()).toEqual(allowed.sort());
  for (const source of sources) expect(existsSync(resolve(ROOT, source)), source).toBe(true);
});
