import { parseArgs } from 'node:util';
import { type Recipe, RECIPES } from './recipes';

/** What the flags choose. */
export interface Chosen {
  /** The recipes to run, in order. */
  recipes: readonly Recipe[];
  /** Whether they were named: then one that cannot be run fails. */
  areNamed: boolean;
}

/** Reads the flags. @throws Error that names the flag and what it may be */
export function readOptions(args: string[]): Chosen {
  const { only } = parseArgs({ args, options: { only: { type: 'string', multiple: true } } }).values;
  if (only === undefined) return { recipes: RECIPES, areNamed: false };
  const names = only.flatMap((each) => each.split(','));
  for (const name of names)
    if (!RECIPES.some((each) => each.name === name))
      throw new Error(`--only must be of ${RECIPES.map((each) => each.name).join(', ')}, not "${name}"`);
  return { recipes: RECIPES.filter(({ name }) => names.includes(name)), areNamed: true };
}
