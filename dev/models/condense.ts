/**
 * `npm run condense:models -- PATH…`: makes dev/models/*.json from the Smithy models of AWS, files such as
 * `migration-hub-2017-05-31.smithy.json`. Exit code 1 when a file cannot be read or is not one of the two models.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { condense, condensedName, MODEL_FILES, MODELS_DIRECTORY, type SmithyModel } from './condensed-model';

function condenseFile(path: string): void {
  const name = condensedName(path);
  if (!MODEL_FILES.includes(name))
    throw new Error(`${path} would become ${name}; expected ${MODEL_FILES.join(' or ')}`);
  const model = JSON.parse(readFileSync(path, 'utf8')) as SmithyModel;
  const target = join(MODELS_DIRECTORY, name);
  writeFileSync(target, `${JSON.stringify(condense(model, basename(path)), null, 1)}\n`);
  console.log(`Wrote ${target}`);
}

try {
  const paths = process.argv.slice(2);
  if (paths.length === 0) throw new Error('name the Smithy models: npm run condense:models -- PATH…');
  paths.forEach(condenseFile);
} catch (error) {
  console.error(`condense:models: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
