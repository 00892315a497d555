/** `npm run generate`: writes src/emulator/generated/schemas.ts from dev/models/*.json. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { generateSchemasSource } from './json-schemas';

const target = resolve(__dirname, '../../src/emulator/generated/schemas.ts');

try {
  const source = generateSchemasSource();
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, source);
  console.log(`Wrote ${target}`);
} catch (error) {
  console.error(`generate: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
