import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';

/** The traits of a shape or member by id, e.g. `smithy.api#length`. */
export type Traits = Record<string, unknown>;

/** A reference to a shape by its id. */
export interface Reference {
  target: string;
  traits?: Traits;
}

/** A shape of the Smithy JSON AST, with the fields that the two models use. */
export interface Shape {
  type: string;
  version?: string;
  members?: Record<string, Reference>;
  member?: Reference;
  input?: Reference;
  output?: Reference;
  errors?: Reference[];
  operations?: Reference[];
  traits?: Traits;
}

/** The shapes of a model by id. */
export type Shapes = Record<string, Shape>;

/** A Smithy model in its JSON AST form. */
export interface SmithyModel {
  smithy: string;
  metadata?: Record<string, unknown>;
  shapes: Shapes;
}

/** A model as `dev/models/*.json` keeps it. */
export interface CondensedModel extends SmithyModel {
  metadata: {
    /** The file of AWS that it was made from. */
    source: string;
    license: string;
  };
}

/** Where the condensed models are. */
export const MODELS_DIRECTORY = __dirname;

/** The condensed models, in the order in which the schemas are written. */
export const MODEL_FILES = ['migration-hub.json', 'migrationhub-config.json'];

const LICENSE =
  'Apache-2.0, Copyright Amazon.com, Inc. or its affiliates. Changed: only what inputs and outputs may be.';

/** The traits that decide which inputs are valid; documentation, endpoints, examples and protocol details go. */
const KEPT_TRAITS = new Set(
  ['enumValue', 'error', 'length', 'pattern', 'range', 'required'].map((name) => `smithy.api#${name}`),
);

/** The name of a condensed model: `migration-hub-2017-05-31.smithy.json` becomes `migration-hub.json`. */
export const condensedName = (source: string): string =>
  basename(source).replace(/(?:-\d{4}-\d{2}-\d{2})?(?:\.smithy)?\.json$/, '.json');

/** `{ traits }` with the traits that are kept, `{}` when none is left. */
function keptTraits(traits: Traits = {}): { traits?: Traits } {
  const kept = Object.entries(traits).filter(([id]) => KEPT_TRAITS.has(id));
  return kept.length > 0 ? { traits: Object.fromEntries(kept) } : {};
}

const condenseReference = ({ target, traits }: Reference): Reference => ({ target, ...keptTraits(traits) });

function condenseShape({ members, member, traits, ...rest }: Shape): Shape {
  return {
    ...rest,
    ...(member && { member: condenseReference(member) }),
    ...(members && {
      members: Object.fromEntries(Object.entries(members).map(([name, each]) => [name, condenseReference(each)])),
    }),
    ...keptTraits(traits),
  };
}

/**
 * The part of a Smithy model that decides which inputs and outputs are valid.
 * @param source the name of the file of AWS that the model is from
 */
export function condense({ smithy, shapes }: SmithyModel, source: string): CondensedModel {
  return {
    smithy,
    metadata: { source, license: LICENSE },
    shapes: Object.fromEntries(Object.entries(shapes).map(([id, shape]) => [id, condenseShape(shape)])),
  };
}

/**
 * Reads the condensed models.
 * @param directory where they are
 * @default MODELS_DIRECTORY
 * @throws Error when a file is missing; the message names it
 */
export function readModels(directory: string = MODELS_DIRECTORY): CondensedModel[] {
  return MODEL_FILES.map((name) => {
    const file = resolve(directory, name);
    if (!existsSync(file))
      throw new Error(`The model ${file} is missing: restore it, or make it again (CONTRIBUTING.md).`);
    return JSON.parse(readFileSync(file, 'utf8')) as CondensedModel;
  });
}
