import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { condense, condensedName, MODEL_FILES, readModels } from '../../dev/models/condensed-model';
import { generateSchemasSource } from '../../dev/models/json-schemas';
import { model } from '../../src/emulator/generated/schemas';

const GENERATED = resolve(__dirname, '../../src/emulator/generated/schemas.ts');
const committed = readFileSync(GENERATED, 'utf8');

const directories: string[] = [];
afterEach(() => directories.splice(0).forEach((directory) => rmSync(directory, { recursive: true })));

/** The models in a directory of their own, with one text in place of another. */
function changedModels(from: string, to: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'models-'));
  directories.push(directory);
  readModels().forEach((each, index) => {
    const text = JSON.stringify(each).replaceAll(from, to);
    writeFileSync(join(directory, MODEL_FILES[index] ?? ''), text);
  });
  return directory;
}

test('the committed schemas are what `npm run generate` makes of the models', () => {
  expect(committed).toBe(generateSchemasSource());
});

test.each([
  ['a limit', '"smithy.api#length":{"min":1,"max":50}', '"smithy.api#length":{"min":1,"max":51}'],
  ['a pattern', '"^hrc-[a-z0-9]{12}$"', '"^hrc-[a-z0-9]{13}$"'],
  ['a required member', '"smithy.api#required":{}', '"smithy.api#default":""'],
  ['the name of a member', '"NextUpdateSeconds"', '"NextUpdateMinutes"'],
  ['a value of an enum', '"IN_PROGRESS"', '"RUNNING"'],
])('other schemas come of a model in which %s differs', (_what, from, to) => {
  expect(generateSchemasSource(changedModels(from, to))).not.toBe(committed);
});

test('every operation of both models has a schema', () => {
  expect(Object.keys(model.AWSMigrationHub ?? {})).toHaveLength(21);
  expect(Object.keys(model.AWSMigrationHubMultiAccountService ?? {})).toHaveLength(4);
});

test('a missing model is named', () => {
  expect(() => generateSchemasSource('/nowhere')).toThrow(/\/nowhere\/migration-hub\.json is missing/);
});

test('a condensed model has no documentation, and condensing it again changes nothing', () => {
  for (const each of readModels()) {
    expect(JSON.stringify(each)).not.toMatch(/documentation|endpoint|examples/i);
    expect(condense(each, each.metadata.source)).toEqual(each);
  }
});

test('condensing keeps what an input may be, and leaves out the rest', () => {
  const traits = { 'smithy.api#documentation': '<p>Long.</p>', 'smithy.api#length': { min: 1, max: 5 } };
  const shapes = {
    'a#Name': { type: 'string', traits },
    'a#In': {
      type: 'structure',
      members: {
        Name: { target: 'a#Name', traits: { 'smithy.api#required': {}, 'smithy.api#documentation': 'x' } },
        Other: { target: 'a#Name', traits: { 'smithy.api#documentation': 'x' } },
      },
      traits: { 'smithy.api#input': {} },
    },
  };
  expect(condense({ smithy: '2.0', metadata: { suppressions: [] }, shapes }, 'a-2017-05-31.smithy.json')).toEqual({
    smithy: '2.0',
    metadata: { source: 'a-2017-05-31.smithy.json', license: expect.stringContaining('Apache-2.0') as string },
    shapes: {
      'a#Name': { type: 'string', traits: { 'smithy.api#length': { min: 1, max: 5 } } },
      'a#In': {
        type: 'structure',
        members: {
          Name: { target: 'a#Name', traits: { 'smithy.api#required': {} } },
          Other: { target: 'a#Name' },
        },
      },
    },
  });
});

test('a condensed model is named after the service', () => {
  expect(condensedName('/some/where/migration-hub-2017-05-31.smithy.json')).toBe('migration-hub.json');
  expect(condensedName('migrationhub-config-2019-06-30.json')).toBe('migrationhub-config.json');
});
