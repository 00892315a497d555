import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sh } from '../sh';
import { mustSay, type Row } from '../row';

const COMPILER = '../node_modules/typescript/bin/tsc';
const COMPILER_5 = '../node_modules/typescript5/bin/tsc';
const JAVASCRIPT = { 'workflows.js': 'workflows.js' };

/** Types of the package's own must hold without `skipLibCheck`, too: what others have wrong is not ours. */
async function compile(cwd: string, compiler: string, module: string, resolution: string): Promise<void> {
  const options = { module, moduleResolution: resolution, target: 'es2022', strict: true, types: ['node'] };
  const compilerOptions = { ...options, esModuleInterop: true, skipLibCheck: false };
  await writeFile(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const said = await sh(cwd, 'node', [compiler, '--pretty', 'false']).catch((error: Error) => error.message);
  const ours = said.split('\n').filter((line) => /^[^ ].*error TS/.test(line) && !line.includes('node_modules/@'));
  if (ours.length > 0) throw new Error(ours.join('\n'));
}

/** By the kind of modules, without TypeScript and with it. */
export const MODULE_ROWS: Row[] = [
  {
    name: 'CommonJS',
    inShort: true,
    async run(place) {
      const cwd = await place.npmProject('commonjs', {}, { ...JAVASCRIPT, 'main.cjs': 'main.cjs' });
      await place.migrate(cwd, 'commonjs', ['node', 'main.cjs']);
      return 'all entries; a migration arrived';
    },
  },
  {
    name: 'ESM',
    inShort: true,
    async run(place) {
      const cwd = await place.npmProject('esm', { type: 'module' }, { ...JAVASCRIPT, 'main.mjs': 'main.mjs' });
      await place.migrate(cwd, 'esm', ['node', 'main.mjs']);
      return 'all entries; a migration arrived, with the plugin';
    },
  },
  {
    name: 'TypeScript 6 nodenext',
    inShort: true,
    async run(place) {
      const cwd = await place.npmProject('nodenext', { type: 'module' }, { '.': 'typed' });
      await compile(cwd, COMPILER, 'nodenext', 'nodenext');
      await place.migrate(cwd, 'nodenext', ['node', 'main.js']);
      return 'types of all entries; a migration arrived';
    },
  },
  {
    name: 'TypeScript 5.9 node10',
    async run(place) {
      const cwd = await place.npmProject('node10', {}, { '.': 'typed' });
      await compile(cwd, COMPILER_5, 'commonjs', 'node10');
      await place.migrate(cwd, 'node10', ['node', 'main.js']);
      return 'types of all entries; a migration arrived';
    },
  },
  {
    name: 'another entry in workflow code',
    inShort: true,
    async run(place) {
      const files = { 'wrong-import.js': 'wrong-import.js', 'wrong-import.cjs': 'wrong-import.cjs' };
      const cwd = await place.npmProject('wrong-import', {}, files);
      mustSay(await sh(cwd, 'node', ['wrong-import.cjs']), 'must import temporal-migration-hub/workflow');
      return 'refused: names temporal-migration-hub/workflow';
    },
  },
];
