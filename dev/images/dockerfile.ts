import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Of the repository. */
export const ROOT = resolve(__dirname, '../..');
/** A file of the repository. */
export const read = (path: string) => readFileSync(resolve(ROOT, path), 'utf8');

/** A line of a Dockerfile. */
export interface Instruction {
  name: string;
  rest: string;
}

/** A stage: the instructions that follow its FROM. */
export interface Stage {
  /** Where `COPY --from` finds it. */
  name?: string;
  instructions: Instruction[];
}

/** The instructions of a Dockerfile in order, lines joined, comments left out. */
function instructionsOf(source: string): Instruction[] {
  const joined = source.replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, '');
  return joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { name, rest };
    });
}

/** A Dockerfile of `docker/`, by its folder. */
export function imageOf(folder: string) {
  const all = instructionsOf(read(`docker/${folder}/Dockerfile`));
  const last = all.findLastIndex(({ name }) => name === 'FROM');
  const lastStage = all.slice(last);
  /** What follows each instruction of a name in the last stage. */
  const each = (name: string) => lastStage.filter((instruction) => instruction.name === name).map(({ rest }) => rest);
  const context = all.filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'));
  const starts = all.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  const stages: Stage[] = starts.map((start, index) => ({
    name: / AS (\w+)$/.exec(all[start]?.rest ?? '')?.[1],
    instructions: all.slice(start + 1, starts[index + 1]),
  }));
  return {
    all,
    stages,
    lastStage,
    each,
    /** What follows an instruction that stands once in the last stage. */
    only(name: string): string {
      const [rest, ...more] = each(name);
      if (rest === undefined || more.length > 0) throw new Error(`${name} stands ${each(name).length} times`);
      return rest;
    },
    /** What is copied from the repository. */
    sources: [...new Set(context.flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1)))],
    /** What the build may see. */
    allowed: read(`docker/${folder}/Dockerfile.dockerignore`)
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1)),
  };
}
