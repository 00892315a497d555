import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { generateSchemasSource } from '../../src/emulator/generate/model-to-json-schema';
import { model } from '../../src/emulator/generated/schemas';

const GENERATED = resolve(__dirname, '../../src/emulator/generated/schemas.ts');

test('the committed schemas are what `npm run generate` makes of the AWS models', () => {
  expect(readFileSync(GENERATED, 'utf8')).toBe(generateSchemasSource());
});

test('every operation of both models has a schema', () => {
  expect(Object.keys(model.AWSMigrationHub ?? {})).toHaveLength(21);
  expect(Object.keys(model.AWSMigrationHubMultiAccountService ?? {})).toHaveLength(4);
});

test('a missing model is named', () => {
  expect(() => generateSchemasSource('/nowhere')).toThrow(/\/nowhere\/migration-hub-.*\.json is missing/);
});
