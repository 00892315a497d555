import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, it } from 'vitest';

const root = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const PAGES = ['README.md', 'docs/guide/first-report.md'];

it.each(PAGES)('the command of %s installs every peer, in the version that this package needs', (page) => {
  const { version, peerDependencies } = JSON.parse(read('package.json')) as {
    version: string;
    peerDependencies: Record<string, string>;
  };
  const commands = [...read(page).matchAll(/^npm install ((?:.*\\\n)+.*)$/gm)].map(([, what = '']) =>
    what.split(/[\s\\]+/).filter((word) => !['tsx', 'typescript'].includes(word)),
  );
  expect(commands.map(([what]) => what)).toEqual([`../temporal-migration-hub/temporal-migration-hub-${version}.tgz`]);
  // Those of the Nexus service come with the worker; what downloads a Temporal server is for `dev` alone.
  const named = Object.entries(peerDependencies).filter(([name]) => !/nexus|testing/.test(name));
  const wanted = named.map(([name, range]) => `${name}@${range}`);
  for (const [, ...peers] of commands) expect(peers.sort()).toEqual(wanted.sort());
});

it('the policy of the README allows the calls that are made, and no others', () => {
  const policy = JSON.parse(/```json\n(.*?)```/s.exec(read('README.md'))?.[1] ?? '') as {
    Statement: { Action: string[] }[];
  };
  // Those of newer AWS clients are made by their names: docs/guide/production.md has them.
  const files = readdirSync(join(root, 'src/migration-hub')).filter((file) => file.endsWith('-commands.ts'));
  const adapter = files.map((file) => read(join('src/migration-hub', file))).join('');
  const made = [...adapter.matchAll(/new (\w+)Command\(/g)].map(([, operation]) => `mgh:${operation}`);
  expect(policy.Statement.flatMap(({ Action }) => Action).sort()).toEqual([...new Set(made)].sort());
});

it.each(readdirSync(join(root, 'docs/guide')).filter((file) => file.endsWith('.md')))(
  'the links of docs/guide/%s lead somewhere, to a heading where they name one',
  (file) => {
    const at = join('docs/guide', file);
    for (const [, target = '', heading] of read(at).matchAll(/\]\((?!http)([\w./-]*)(?:#([\w-]+))?\)/g)) {
      const path = target === '' ? at : join('docs/guide', target);
      expect(existsSync(join(root, path)), target).toBe(true);
      if (heading) expect(headingsOf(read(path)), `${target}#${heading}`).toContain(heading);
    }
  },
);

/** As GitHub makes anchors of them. */
const headingsOf = (page: string): string[] =>
  [...page.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );

it('where the README leads to is in the package', () => {
  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  const targets = [...read('README.md').matchAll(/\]\(([\w./-]+)/g)].map(([, target = '']) => target);
  for (const target of targets) {
    expect(existsSync(join(root, target)), target).toBe(true);
    expect([...files, 'LICENSE'], target).toContain(target.split('/')[0]);
  }
});

it('where the documents lead to, and the examples that they name, are in the package', () => {
  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  const isShipped = (path: string) =>
    [...files, 'README.md', 'LICENSE'].some((each) => path === each || path.startsWith(`${each}/`));
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.md'),
  );
  for (const page of pages.map((file) => join('docs', file))) {
    const links = [...read(page).matchAll(/\]\((?!http)([\w./-]+)/g)].map(([, target = '']) =>
      posix.join(posix.dirname(page), target),
    );
    const named = [...read(page).matchAll(/`(examples\/[\w./-]+\.\w+)`/g)].map(([, target = '']) => target);
    for (const target of [...links, ...named]) {
      expect(existsSync(join(root, target)), `${page}: ${target}`).toBe(true);
      expect(isShipped(target), `${page}: ${target}`).toBe(true);
    }
  }
});

it('the blocks of the README have the names of the files that they are', () => {
  const named = [...read('README.md').matchAll(/^`([\w-]+\.ts)`[^\n]*\n\n```ts$/gm)].map(([, name]) => name);
  expect(named).toEqual(['in-a-workflow.ts', 'in-a-worker.ts']);
});

it.each([
  ['README.md', ['in-a-workflow', 'in-a-worker']],
  ['docs/guide/first-report.md', ['first-report/workflows', 'first-report/worker', 'first-report/migrate']],
  ['docs/guide/freshness.md', ['list-what-is-not-fresh']],
  ['docs/guide/attempts.md', ['reopen-by-hand']],
  ['docs/guide/groups.md', ['groups-by-stream']],
  ['docs/guide/console.md', ['an-application']],
  ['docs/guide/testing.md', ['testing/migrate-server', 'testing/migrate-server.test']],
  ['docs/aws-client.md', ['with-a-client', 'behind-a-proxy', 'with-a-role', 'with-a-ca', 'workers-alone']],
  ['docs/worker-process.md', ['our-plugins', 'in-another-namespace']],
  ['docs/metrics.md', ['with-metrics']],
  ['docs/mgn-events.md', ['mgn-events']],
])('%s shows code that compiles: its blocks are the snippet files', (page, names) => {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]);
  expect(blocks).toEqual(names.map((name) => readFileSync(join(root, `examples/snippets/${name}.ts`), 'utf8')));
});
