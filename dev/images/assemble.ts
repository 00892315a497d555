import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { sh } from '../package/sh';
import { imageOf, ROOT, type Stage } from './dockerfile';

/** What the build stage installs: everything that is for development. */
const INSTALL_ALL = 'npm ci';

/**
 * Puts an image together without an engine: each stage is a folder, whose WORKDIR is its root. What the build stage installs is that
 * of the repository; the other stages install what they say. Gives the folder of the last stage, and removes all of them after `work`.
 */
export async function assembled<T>(folder: string, work: (root: string) => Promise<T>): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), `image-${folder}-`));
  try {
    const { stages } = imageOf(folder);
    const roots = new Map<string, string>();
    let root = parent;
    for (const [index, stage] of stages.entries()) {
      root = join(parent, String(index));
      mkdirSync(root);
      await carryOut(stage, root, roots);
      if (stage.name) roots.set(stage.name, root);
    }
    return await work(root);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

async function carryOut({ instructions }: Stage, root: string, roots: Map<string, string>): Promise<void> {
  for (const { name, rest } of instructions) {
    if (name === 'COPY') copy(rest, root, roots);
    if (name !== 'RUN') continue;
    if (rest === INSTALL_ALL) symlinkSync(resolve(ROOT, 'node_modules'), join(root, 'node_modules'));
    // Folders outside of WORKDIR belong to the image alone.
    else if (!rest.startsWith('mkdir /')) await sh(root, 'sh', ['-c', rest], { npm_config_prefer_offline: 'true' });
  }
}

/** `COPY a b to/`, `COPY --from=stage /workdir/a to`. */
function copy(rest: string, root: string, roots: Map<string, string>): void {
  const [, stage, paths = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(rest) ?? [];
  const [to = '', ...sources] = paths.split(/\s+/).reverse();
  for (const source of sources) {
    const from = stage ? join(roots.get(stage) ?? '', source.split('/').slice(2).join('/')) : resolve(ROOT, source);
    const target = to.endsWith('/') ? join(root, to, basename(source)) : join(root, to);
    mkdirSync(resolve(target, '..'), { recursive: true });
    // Links within node_modules/.bin stay links.
    cpSync(from, target, { recursive: true, verbatimSymlinks: true });
  }
}
