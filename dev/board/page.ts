import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '../..');
const PAGE = join(ROOT, 'src/board/page');
const FILES = ['index.html', 'board.css', 'icon.svg'];

/** Makes the page of the board: its code with preact in one file, and the files beside it. */
export async function bundleBoard(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(PAGE, 'main.tsx')],
    outfile: join(folder, 'board.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'inline',
    banner: { js: '/* With preact (MIT License, Copyright (c) 2015-present Jason Miller) */' },
  });
  for (const file of FILES) await cp(join(PAGE, file), join(folder, file));
}
