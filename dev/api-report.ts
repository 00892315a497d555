import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..');
/** Where the report is kept. */
const API_REPORT = join(ROOT, 'docs/api-report.md');

/** The entries of package.json, and their sources. */
function entries(): [string, string][] {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, { types?: string }>;
  };
  const typed = Object.entries(manifest.exports).filter(([, { types }]) => types);
  const source = (types = '') => join(ROOT, types.replace('/lib/', '/src/').replace('.d.ts', '.ts'));
  return typed.map(([entry, { types }]) => [manifest.name + entry.slice(1), source(types)]);
}

const namesOf = (node: ts.Statement): string[] =>
  ts.isVariableStatement(node)
    ? node.declarationList.declarations.map(({ name }) => name.getText())
    : [(node as { name?: ts.Identifier }).name?.text ?? ''];

/** The declarations of every file, as the compiler writes them, without comments. */
function declarations(program: ts.Program): Map<string, ts.SourceFile> {
  const files = new Map<string, ts.SourceFile>();
  const write: ts.WriteFileCallback = (name, text, _mark, _error, sources) => {
    const parsed = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    if (sources?.[0]) files.set(sources[0].fileName, parsed);
  };
  program.emit(undefined, write, undefined, true);
  return files;
}

/** What each entry exports, with its declaration: whoever changes it sees so in the difference. */
function apiReport(): string {
  const { options } = ts.parseJsonConfigFileContent(
    { ...ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config, include: [] },
    ts.sys,
    ROOT,
  );
  const all = entries();
  const program = ts.createProgram(
    all.map(([, source]) => source),
    { ...options, noEmit: false, declaration: true, removeComments: true, rootDir: ROOT, outDir: dirname(API_REPORT) },
  );
  const checker = program.getTypeChecker();
  const emitted = declarations(program);
  const said = new Set<string>();
  const report = all.map(([entry, source]) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(source) as ts.SourceFile) as ts.Symbol;
    const texts = checker.getExportsOfModule(module).map((each) => {
      const symbol = each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each;
      const found = (symbol.declarations ?? []).map((node) => emitted.get(node.getSourceFile().fileName));
      const statements = [...new Set(found)].flatMap((file) => [...(file?.statements ?? [])]);
      const own = statements.filter((node) => namesOf(node).includes(symbol.name)).map((node) => node.getText());
      const text = own.join('\n').replace(/^ +private .*\n/gm, '');
      return said.has(text) ? `// above: ${symbol.name}` : (said.add(text), text);
    });
    return `## ${entry}\n\n\`\`\`ts\n${texts.sort().join('\n')}\n\`\`\`\n`;
  });
  return `# What each entry exports\n\nWritten by \`npm run api\`; \`npm run check:package\` compares it.\n\n${report.join('\n')}`;
}

const report = apiReport();
if (!process.argv.includes('--check')) writeFileSync(API_REPORT, report);
else if (report !== readFileSync(API_REPORT, 'utf8')) {
  console.error('docs/api-report.md does not say what the entries export. Where the change is on purpose: npm run api');
  process.exitCode = 1;
}
