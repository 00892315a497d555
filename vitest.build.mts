import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before any test: the programs that tests start are those of `lib`; a folder for what their processes share. */
export default function prepare(): () => void {
  const { status } = spawnSync(process.execPath, ['dev/build-if-older.mjs'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('lib could not be built: npm run build');
  const bundles = mkdtempSync(join(tmpdir(), 'test-bundles-'));
  process.env['TEST_BUNDLES'] = bundles;
  return () => rmSync(bundles, { recursive: true, force: true });
}
