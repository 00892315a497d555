import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { loadPlugins } from '../../src/worker/load-plugins';

/** A working directory with these files; the test runs in it. */
async function inFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugins-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const cwd = vi.spyOn(process, 'cwd').mockReturnValue(folder);
  onTestFinished(() => cwd.mockRestore());
  return folder;
}
const namesOf = async (module: string) => (await loadPlugins('--plugins', module)).map(({ name }) => name);

const one = "{ name: 'one', configureWorker: (o) => o }";
const two = "{ name: 'two', runWorker: (w, next) => next(w) }";
const packageOf = (manifest: object) => JSON.stringify({ name: 'company-plugins', ...manifest });

it.each<[string, string, Record<string, string>, string[]]>([
  ['a CommonJS file that is one plugin', './plugin.js', { 'plugin.js': `module.exports = ${one}` }, ['one']],
  ['one that is a list', './plugin.js', { 'plugin.js': `module.exports = [${one}, ${two}]` }, ['one', 'two']],
  ['one with a named list', './plugin.js', { 'plugin.js': `exports.plugins = [${two}]` }, ['two']],
  [
    'one that a compiler made of an ES module',
    './plugin.js',
    { 'plugin.js': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = [${one}]` },
    ['one'],
  ],
  [
    'one that a compiler made of an ES module with a named list',
    './plugin.js',
    { 'plugin.js': `module.exports = { __esModule: true, other: 1, plugins: [${one}] }` },
    ['one'],
  ],
  [
    'one that has to fetch a secret first, and exports a promise',
    './plugin.cjs',
    { 'plugin.cjs': `module.exports = Promise.resolve(${two})` },
    ['two'],
  ],
  ['an ES module with a default', './plugin.mjs', { 'plugin.mjs': `export default ${one}` }, ['one']],
  [
    'an ES module with both: the named one counts',
    './plugin.mjs',
    { 'plugin.mjs': `export const plugins = await Promise.resolve([${two}]); export default 1` },
    ['two'],
  ],
  ['a file below, written without ./', 'dist/plugin.js', { 'dist/plugin.js': `module.exports = ${one}` }, ['one']],
  ['a folder', './plugins', { 'plugins/index.js': `module.exports = ${one}` }, ['one']],
  ['a file without its ending', './plugin', { 'plugin.js': `module.exports = ${one}` }, ['one']],
  [
    'a package that is installed in the working directory',
    'company-plugins',
    {
      'node_modules/company-plugins/package.json': packageOf({ main: 'main.js' }),
      'node_modules/company-plugins/main.js': `exports.plugins = ${one}`,
    },
    ['one'],
  ],
  [
    'a part of a package that is an ES module',
    'company-plugins/codec',
    {
      'node_modules/company-plugins/package.json': packageOf({ type: 'module', exports: { './codec': './codec.js' } }),
      'node_modules/company-plugins/codec.js': `export const plugins = [${one}]`,
    },
    ['one'],
  ],
])('plugins come from %s', async (_, module, files, names) => {
  await inFolder(files);
  expect(await namesOf(module)).toEqual(names);
});

it('an absolute path may be anywhere', async () => {
  const folder = await inFolder({ 'plugin.js': `module.exports = ${one}` });
  vi.mocked(process.cwd).mockReturnValue('/');
  expect(await namesOf(join(folder, 'plugin.js'))).toEqual(['one']);
});

const NO_PLUGIN = 'which exports no plugin: export one, or a list of them, as plugins or as the default';
it.each<[string, string, string, string]>([
  ['no such file', './plugin.mjs', '', 'but neither the file '],
  ['a file of this package, by a path that is none of the user', './plugin', '', 'but neither the file '],
  ['no such package', 'company-plugins', '', 'but neither the file '],
  ['a module without exports', './plugin.js', '', NO_PLUGIN],
  ['an ES module without exports', './plugin.mjs', 'const a = 1;', NO_PLUGIN],
  ['an empty list', './plugin.js', 'exports.plugins = []', NO_PLUGIN],
  ['other exports only', './plugin.mjs', 'export const codec = {};', NO_PLUGIN],
  ['a number', './plugin.js', 'module.exports = 1', 'which exports 1, but it must be a Temporal plugin'],
  [
    'a codec',
    './plugin.js',
    'exports.plugins = [{ encode() {}, decode() {} }]',
    'which exports { encode: [Function: encode]',
  ],
  [
    'a plugin without a name',
    './plugin.js',
    'exports.plugins = { configureWorker() {} }',
    'which exports { configureWorker',
  ],
  ['a name alone', './plugin.js', "exports.plugins = { name: 'one' }", "which exports { name: 'one' }"],
  [
    'a class',
    './plugin.js',
    'exports.plugins = class Codec {}',
    'which exports the class Codec (export new Codec() instead)',
  ],
  ['a function', './plugin.js', 'exports.plugins = function make() {}', 'which exports the function make (call it,'],
  ['an error of its own', './plugin.js', "throw new Error('no KMS key')", 'which cannot be loaded: no KMS key'],
  [
    'an import that fails',
    './plugin.mjs',
    "import 'absent-one';",
    "which cannot be loaded: Cannot find package 'absent-one'",
  ],
  ['no JavaScript', './plugin.js', 'plugins: {{', 'which cannot be loaded: '],
])('%s is refused with the setting and the module', async (_, module, content, message) => {
  await inFolder(content || module.endsWith('.js') ? { [module]: content } : {});
  await expect(loadPlugins('--plugins', module)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringContaining(`--plugins is "${module}", ${message}`) as string,
  });
});
