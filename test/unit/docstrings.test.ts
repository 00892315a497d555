import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const SRC = join(__dirname, '../../src');
const GENERATED = join('emulator', 'generated');

const HIDDEN = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.OverrideKeyword];
const modifiersOf = (node: ts.Node) => (ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : []);
const isExported = (node: ts.Node) => modifiersOf(node).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
const isHidden = (node: ts.Node) =>
  ts.isConstructorDeclaration(node) || modifiersOf(node).some(({ kind }) => HIDDEN.includes(kind as never));

/** Exported declarations and their members. */
function publicNodes(file: ts.SourceFile): ts.Node[] {
  return file.statements.filter(isExported).flatMap((node): ts.Node[] => {
    if (!ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node))
      return ts.isExportDeclaration(node) || ts.isExportAssignment(node) ? [] : [node];
    return [node, ...[...node.members].filter((member) => !isHidden(member))];
  });
}

it('every exported symbol of src, and every member of it, has a docstring', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith(GENERATED))
    .map((file) => join(SRC, file));
  const program = ts.createProgram(files, { noEmit: true, noResolve: true });
  // It links nodes with their parents.
  program.getTypeChecker();
  const nodes = files.flatMap((file) => publicNodes(program.getSourceFile(file) as ts.SourceFile));
  const without = nodes.filter((node) => ts.getJSDocCommentsAndTags(node).length === 0);
  expect(nodes.length).toBeGreaterThan(500);
  expect(without.map((node) => `${node.getSourceFile().fileName}: ${node.getText().split('\n')[0]}`)).toEqual([]);
});
