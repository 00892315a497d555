/** Before whatever runs `lib`: builds only where `lib` is missing, older than what it is made of, or of another Temporal SDK. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** When something in a folder, or its list of files, was changed last. */
function changedAt(path) {
  const stat = statSync(path);
  const inside = stat.isDirectory() ? readdirSync(path).map((name) => changedAt(join(path, name))) : [];
  return Math.max(stat.mtimeMs, ...inside);
}

/** The steps of a build after the compiler write these. */
function builtAt() {
  const { version } = JSON.parse(readFileSync('node_modules/@temporalio/worker/package.json', 'utf8'));
  const written = [`lib/workflow-bundle-${version}.js`, 'lib/board/page/board.js'];
  return Math.min(...written.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

const SOURCES = ['src', 'dev/bundle-workflows.ts', 'dev/bundle-board.ts', 'tsconfig.json', 'tsconfig.build.json'];
if (Math.max(...SOURCES.map(changedAt)) > builtAt()) {
  process.stderr.write('lib is missing, or older than src: npm run build\n');
  process.exitCode = spawnSync('npm', ['run', '-s', 'build'], { stdio: ['ignore', 2, 2] }).status ?? 1;
}
