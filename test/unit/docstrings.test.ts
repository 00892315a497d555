import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const SRC = join(__dirname, '../../src');
const GENERATED = join('emulator', 'generated');

const HIDDEN = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.OverrideKeyword];
const modifiersOf = (node: ts.Node) => (ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : []);
const isExported = (node: ts.Node) => modifiersOf(node).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
const isHidden = (node: ts.Node) => modifiersOf(node).some(({ kind }) => HIDDEN.includes(kind as never));

/** Members of an interface, a class or a type literal; of a constructor those parameters that are properties. */
function membersOf(node: ts.Node): ts.Node[] {
  if (ts.isTypeAliasDeclaration(node)) return ts.isTypeLiteralNode(node.type) ? [...node.type.members] : [];
  if (!ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node)) return [];
  return [...node.members].flatMap((member: ts.Node): ts.Node[] =>
    ts.isConstructorDeclaration(member)
      ? member.parameters.filter((each) => ts.isParameterPropertyDeclaration(each, member))
      : [member],
  );
}

/** Exported declarations and their members. */
function publicNodes(file: ts.SourceFile): ts.Node[] {
  const nodes = file.statements.filter((node) => isExported(node) && !ts.isExportDeclaration(node));
  return nodes.flatMap((node) => [node, ...membersOf(node).filter((member) => !isHidden(member))]);
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
