import ts from 'typescript';

export type Schema = Record<string, unknown>;

/** Exported interfaces and aliases as JSON Schema, with their docstrings: those asked for, and all that they name. */
export function schemasOfTypes(file: string, names: string[]): Record<string, Schema> {
  const program = ts.createProgram([file], {
    strict: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
  });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
  const exports = new Map(checker.getExportsOfModule(module).map((each) => [each.name, each]));
  const definitions: Record<string, Schema> = {};
  for (const name of names) {
    const symbol = exports.get(name);
    if (!symbol) throw new Error(`${file} exports no ${name}`);
    const declared = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    new SchemaMaker(checker, definitions).of(checker.getDeclaredTypeOfSymbol(declared));
  }
  return definitions;
}

class SchemaMaker {
  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly definitions: Record<string, Schema>,
  ) {}

  of(type: ts.Type): Schema {
    const name = type.aliasSymbol?.name ?? (type.isClassOrInterface() ? type.symbol.name : undefined);
    if (!name || name === 'Record') return this.inline(type);
    if (!this.definitions[name]) {
      const schema: Schema = (this.definitions[name] = {});
      Object.assign(schema, this.described(type.aliasSymbol ?? type.symbol), this.inline(type));
    }
    return { $ref: `#/definitions/${name}` };
  }

  private inline(type: ts.Type): Schema {
    const { flags } = type;
    if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.String) return { type: 'string' };
    if (flags & ts.TypeFlags.Number) return { type: 'number' };
    if (type.isUnion()) return { enum: type.types.map((each) => this.literal(each)) };
    if (this.checker.isArrayType(type))
      return { type: 'array', items: this.of(this.checker.getTypeArguments(type as ts.TypeReference)[0] as ts.Type) };
    const values = this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (values) return { type: 'object', additionalProperties: this.of(values) };
    if (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.object(type);
    throw new Error(`no schema for ${this.checker.typeToString(type)}`);
  }

  private literal(type: ts.Type): string {
    if (type.isStringLiteral()) return type.value;
    throw new Error(`no schema for ${this.checker.typeToString(type)} in a union`);
  }

  private object(type: ts.Type): Schema {
    const members = type.getProperties();
    const isOptional = (member: ts.Symbol) => (member.flags & ts.SymbolFlags.Optional) !== 0;
    const properties = members.map((member) => {
      const given = this.checker.getTypeOfSymbol(member);
      const schema = this.of(isOptional(member) ? this.checker.getNonNullableType(given) : given);
      const about = this.described(member);
      // Beside $ref older validators ignore what else is said.
      return [
        member.name,
        '$ref' in schema && about.description ? { ...about, allOf: [schema] } : { ...about, ...schema },
      ];
    });
    const required = members.filter((member) => !isOptional(member)).map(({ name }) => name);
    return {
      type: 'object',
      properties: Object.fromEntries(properties) as Schema,
      ...(required.length > 0 && { required }),
    };
  }

  private described(symbol: ts.Symbol): { description?: string } {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).replace(/\s+/g, ' ').trim();
    return text ? { description: text } : {};
  }
}
