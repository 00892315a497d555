import { spawnSync } from 'node:child_process';

/** Before any test: the programs that tests start are those of `lib`. */
export default function build(): void {
  const { status } = spawnSync(process.execPath, ['dev/build-if-older.mjs'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('lib could not be built: npm run build');
}
