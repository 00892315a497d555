import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(__dirname, '../..');

it('the README shows code that compiles: its blocks are the snippet files', () => {
  const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
    (match) => match[1],
  );
  expect(blocks).toEqual(
    ['in-a-workflow', 'in-a-worker'].map((name) => readFileSync(join(root, `examples/snippets/${name}.ts`), 'utf8')),
  );
});
