import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(__dirname, '../..');

it.each([
  ['README.md', ['in-a-workflow', 'in-a-worker']],
  ['docs/aws-client.md', ['with-a-client', 'behind-a-proxy', 'with-a-role', 'with-a-ca']],
  ['docs/worker-process.md', ['our-plugins', 'in-another-namespace']],
])('%s shows code that compiles: its blocks are the snippet files', (page, names) => {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]);
  expect(blocks).toEqual(names.map((name) => readFileSync(join(root, `examples/snippets/${name}.ts`), 'utf8')));
});
