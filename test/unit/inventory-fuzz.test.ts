import { beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../src/emulator/faults/seeded-random';
import { readInventory, type Inventory, type InventoryServer } from '../../src/inventory';
import { fileOf } from './inventory';
import { linesOf, SERVERS, SOUND_SETS, type SoundFile, type SoundSet } from './inventory-corpus';
import { DAMAGES, HARMLESS, type Pick } from './inventory-damage';

/** `npm run fuzz:inventory` reads 50,000 damaged files. */
const FILES = Number(process.env['INVENTORY_FILES'] ?? 200);
const SEED = Number(process.env['INVENTORY_SEED'] ?? 1);

const sound = new Map<SoundSet, Map<string, InventoryServer>>();

const read = (files: { name: string; bytes: Buffer }[]): Promise<Inventory> =>
  readInventory(files.map(({ name, bytes }) => fileOf(name, bytes)));

const withDamage = (set: SoundSet, damaged = new Map<SoundFile, Buffer>()) =>
  set.map((file) => ({
    name: file.name,
    bytes: damaged.get(file) ?? Buffer.from(linesOf(file).join(file.end) + file.end),
  }));

const byName = ({ servers }: Inventory) => new Map(servers.map((server) => [server.migrationTaskName, server]));
const valuesOf = ({ resourceAttributes, fqdn = '', discoveredResource = '', ...rest }: InventoryServer): string[] => [
  ...[rest.migrationTaskName, rest.wave ?? '', rest.application ?? '', fqdn, discoveredResource],
  ...resourceAttributes.map(({ type, value }) => `${type} ${value}`),
];
/** Of which no two servers have the same. */
function idsOf({ resourceAttributes, discoveredResource }: InventoryServer): string[] {
  const valueOf = (wanted: string) => resourceAttributes.find(({ type }) => type === wanted)?.value;
  const [manager, vm] = [valueOf('VM_MANAGER_ID'), valueOf('VM_MANAGED_OBJECT_REFERENCE')];
  const ids = [manager && vm && `${manager} ${vm}`, discoveredResource];
  return ids.filter((id) => id !== undefined).map((id) => id.toLowerCase());
}
const withoutPlaces = ({ from: _, ...server }: InventoryServer) => server;

beforeAll(async () => {
  for (const set of SOUND_SETS) {
    const inventory = await read(withDamage(set));
    expect([inventory.problems, inventory.servers.length]).toEqual([[], SERVERS]);
    sound.set(set, byName(inventory));
  }
});

/** Rows of a damaged file that are as they were. */
interface Intact {
  file: SoundFile;
  /** The servers of whose rows none was changed; none where the header was. */
  servers: Set<number>;
  /** Of which server the row that begins on a line is. */
  byLine: Map<number, number>;
}

/** The lines on which a row begins that stands in the text as it was, between line ends. */
function linesWith(text: string, row: string): number[] {
  const lines: number[] = [];
  for (let at = text.indexOf(row); at !== -1; at = text.indexOf(row, at + 1)) {
    const before = at === 0 ? '\n' : text[at - 1];
    const after = text[at + row.length] ?? '\n';
    if (/[\r\n]/.test(before ?? '') && /[\r\n]/.test(after)) lines.push(text.slice(0, at).split(/\r\n|\r|\n/).length);
  }
  return lines;
}

function intactIn(file: SoundFile, bytes: Buffer): Intact {
  const text = bytes.toString();
  const [header = '', ...rows] = linesOf(file);
  const intact: Intact = { file, servers: new Set(), byLine: new Map() };
  if (!text.startsWith(header) || !/[\r\n]/.test(text[header.length] ?? '')) return intact;
  const changed = new Set<number>();
  file.rows.forEach(({ server }, i) => {
    const lines = linesWith(text, rows[i] ?? '');
    if (lines.length === 0) changed.add(server);
    for (const line of lines) intact.byLine.set(line, server);
  });
  for (const { server } of file.rows) if (!changed.has(server)) intact.servers.add(server);
  return intact;
}

/** What is wrong with the answer for a file that was damaged. */
function faultOf({ servers, problems, warnings }: Inventory, set: SoundSet, intact: Intact[]): string | undefined {
  const names = servers.map(({ migrationTaskName }) => migrationTaskName);
  const bad = names.find((name) => !/^[^:|\r\n]+$/.test(name) || [...name].length > 256);
  if (bad !== undefined) return `the name ${JSON.stringify(bad)}`;
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) return 'two servers with one task';
  const ids = servers.flatMap(idsOf);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) return `two tasks for one server: ${JSON.stringify(twice)}`;
  const misplaced = [...problems, ...warnings].find(
    ({ line, column, message }) => line < 1 || column < 1 || message.length < 10,
  );
  if (misplaced) return `a problem without a place: ${JSON.stringify(misplaced)}`;
  for (const server of servers) {
    const was = sound.get(set)?.get(server.migrationTaskName);
    const [first] = server.from;
    const naming = intact.find(({ file }) => file.name === first?.file);
    const number = naming
      ? naming.byLine.get(first?.line ?? 0)
      : Number(/srv-(\d\d)/.exec(server.migrationTaskName)?.[1]);
    if (number === undefined || !intact.every((each) => each.servers.has(number))) continue;
    if (!was) return `${server.migrationTaskName} is not the name of its row`;
    const wrong = valuesOf(server).find((value) => value !== '' && !valuesOf(was).includes(value));
    if (wrong !== undefined) return `${server.migrationTaskName} has ${JSON.stringify(wrong)}`;
  }
  return undefined;
}

const keysOf = (damages: object) => Object.keys(damages);

it(`${FILES} damaged files: no crash, and no server with what is not its own`, async () => {
  const random = seededRandom(SEED);
  const pick: Pick = (below) => Math.floor(random() * below);
  const counts = { servers: 0, problems: 0 };
  const kinds = keysOf(DAMAGES);
  for (let i = 0; i < FILES; i++) {
    const set = SOUND_SETS[i % SOUND_SETS.length] as SoundSet;
    const damaged = new Map<SoundFile, Buffer>();
    const done: string[] = [];
    // Of files that are read together, two may be damaged.
    for (let n = 0; n <= pick(2); n++) {
      const file = set[pick(set.length)] as SoundFile;
      const kind = kinds[pick(kinds.length)] as string;
      done.push(`${file.name}: ${kind}`);
      damaged.set(file, (DAMAGES[kind] as (typeof DAMAGES)[string])(file, pick));
    }
    const inventory = await read(withDamage(set, damaged));
    const fault = faultOf(
      inventory,
      set,
      [...damaged].map(([file, bytes]) => intactIn(file, bytes)),
    );
    if (fault !== undefined)
      throw new Error(
        `seed ${SEED}, set ${i} (${done.join('; ')}): ${fault}\n${[...damaged.values()].join('\n\n').slice(0, 9000)}`,
      );
    counts.servers += inventory.servers.length;
    counts.problems += inventory.problems.length;
  }
  // Damage to one row leaves the others.
  expect(counts.servers).toBeGreaterThan(FILES * 2);
  expect(counts.problems).toBeGreaterThan(FILES / 4);
});

it.each(keysOf(HARMLESS))('what changes nothing changes no server: %s', async (kind) => {
  const random = seededRandom(SEED);
  const pick: Pick = (below) => Math.floor(random() * below);
  for (const set of SOUND_SETS)
    for (const file of set) {
      const bytes = (HARMLESS[kind] as (typeof HARMLESS)[string])(file, pick);
      const inventory = await read(withDamage(set, new Map([[file, bytes]])));
      expect(inventory.problems).toEqual([]);
      const servers = byName(inventory);
      for (const [name, was] of sound.get(set) ?? []) {
        const server = servers.get(name);
        expect(server && withoutPlaces(server)).toEqual(withoutPlaces(was));
      }
      expect(servers.size).toBe(SERVERS);
    }
});
