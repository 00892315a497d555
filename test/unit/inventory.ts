import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readInventory, type Inventory, type InventoryFile, type InventoryProblem } from '../../src/inventory';

/** Bytes as a file, in pieces of this size. */
export function fileOf(name: string, content: string | Uint8Array, pieceSize = 65_536): InventoryFile {
  const bytes = Buffer.from(content);
  return {
    name,
    async *open() {
      for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
    },
  };
}

const FOLDER = resolve(__dirname, '../fixtures/inventory');

/** A file of test/fixtures/inventory. */
export const fixtureBytes = (name: string): Buffer => readFileSync(resolve(FOLDER, name));

/** Reads files of test/fixtures/inventory. */
export const readFixtures = (...names: string[]): Promise<Inventory> =>
  readInventory(names.map((name) => fileOf(name, fixtureBytes(name))));

/** Reads texts: each is a file, `a.csv`, `b.csv`, …. */
export const readTexts = (...texts: (string | Uint8Array)[]): Promise<Inventory> =>
  readInventory(texts.map((text, i) => fileOf(`${String.fromCharCode(97 + i)}.csv`, text)));

/** As they are told to people. */
export const told = (problems: InventoryProblem[]): string[] =>
  problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);

/** The attributes of a server, each as one text. */
export const attributesOf = (inventory: Inventory, task: string): string[] | undefined =>
  inventory.servers
    .find(({ migrationTaskName }) => migrationTaskName === task)
    ?.resourceAttributes.map(({ type, value }) => `${type} ${value}`);

/** The task names. */
export const namesOf = ({ servers }: Inventory): string[] => servers.map(({ migrationTaskName }) => migrationTaskName);

/** A CSV file as text. */
export const textOf = (header: string, ...rows: string[]): string => [header, ...rows].join('\n');
