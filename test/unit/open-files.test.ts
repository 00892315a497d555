import { linkSync, mkdtempSync, statSync, symlinkSync, writeFileSync, type BigIntStats } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openFiles } from '../../src/cli/import/open-files';

vi.mock('node:fs', async (original) => {
  const fs = await original<{ statSync: typeof statSync }>();
  return { ...fs, statSync: vi.fn(fs.statSync) };
});
afterEach(() => vi.mocked(statSync).mockRestore());

const folder = mkdtempSync(join(tmpdir(), 'open-files-'));
const [one, other, link, hard] = ['one', 'other', 'link', 'hard'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
  string,
];
for (const path of [one, other]) writeFileSync(path, 'x');
symlinkSync(one, link);
linkSync(one, hard);

it('on a drive without inodes two files are two, and one under two names is told', () => {
  const withoutInode = { dev: 1n, ino: 0n, isDirectory: () => false } as BigIntStats;
  vi.mocked(statSync).mockImplementation(() => withoutInode as never);
  expect(openFiles([one, other])).toHaveLength(2);
  expect(() => openFiles([one, other, link])).toThrow(`${link} and ${one} are the same file`);
});

it('elsewhere one file is told, whatever leads to it', () => {
  expect(openFiles([one, other])).toHaveLength(2);
  for (const path of [link, hard]) expect(() => openFiles([one, path])).toThrow('are the same file');
});
