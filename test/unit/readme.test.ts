import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

it('the commands of the README install every peer, in the version that this package needs', () => {
  const { version, peerDependencies } = JSON.parse(read('package.json')) as {
    version: string;
    peerDependencies: Record<string, string>;
  };
  const commands = [...read('README.md').matchAll(/^npm install ((?:.*\\\n)+.*)$/gm)].map(([, what = '']) =>
    what.split(/[\s\\]+/),
  );
  expect(commands.map(([what]) => what)).toEqual([
    `../temporal-migration-hub/temporal-migration-hub-${version}.tgz`,
    'temporal-migration-hub',
  ]);
  // Those of the Nexus service come with the worker.
  const named = Object.entries(peerDependencies).filter(([name]) => !name.includes('nexus'));
  const wanted = named.map(([name, range]) => `${name}@${range}`);
  for (const [, ...peers] of commands) expect(peers.sort()).toEqual(wanted.sort());
});

it('where the README leads to is in the package', () => {
  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  const targets = [...read('README.md').matchAll(/\]\(([\w./-]+)/g)].map(([, target = '']) => target);
  for (const target of targets) {
    expect(existsSync(join(root, target)), target).toBe(true);
    expect([...files, 'LICENSE'], target).toContain(target.split('/')[0]);
  }
});

it.each([
  ['README.md', ['in-a-workflow', 'in-a-worker']],
  ['docs/aws-client.md', ['with-a-client', 'behind-a-proxy', 'with-a-role', 'with-a-ca']],
  ['docs/worker-process.md', ['our-plugins', 'in-another-namespace']],
])('%s shows code that compiles: its blocks are the snippet files', (page, names) => {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]);
  expect(blocks).toEqual(names.map((name) => readFileSync(join(root, `examples/snippets/${name}.ts`), 'utf8')));
});
