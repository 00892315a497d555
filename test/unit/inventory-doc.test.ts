import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/program';

const page = readFileSync(join(__dirname, '../../docs/inventory.md'), 'utf8');
const here = process.cwd();
afterEach(() => process.chdir(here));

it('docs/inventory.md shows what import --explain writes of the files that it shows', async () => {
  process.chdir(mkdtempSync(join(tmpdir(), 'inventory-doc-')));
  const files = [...page.matchAll(/^`(\w+\.csv)`:\n\n```csv\n(.*?)```/gms)];
  for (const [, name = '', text = ''] of files) writeFileSync(name, text);
  let written = '';
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((data) => {
      written += String(data);
      return true;
    }),
  );
  const code = await run(['import', ...files.map(([, name = '']) => name), '--explain']);
  for (const spy of spies) spy.mockRestore();
  expect(code).toBe(0);
  expect(written).toBe(/--explain` writes:\n\n```text\n(.*?)```/s.exec(page)?.[1]);
});
