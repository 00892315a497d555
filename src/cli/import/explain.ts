import type { Inventory, InventoryServer, ReadFile, RowOutcome } from '../../inventory';
import { jsonOf, note, write, writeRows, type Column, type OutputFlags } from '../output';
import { plain } from '../table';
import { short } from '../task-rows';
import { attributeTypes } from './attribute-types';

/** A row, and, where it names one, what its task will have. */
type ExplainedRow = RowOutcome & Partial<Omit<InventoryServer, 'from'>>;

const COLUMNS: Column<ExplainedRow>[] = [
  ['ROW', ({ file, line }) => `${file}:${line}`],
  ['OUTCOME', ({ outcome }) => outcome],
  ['TASK', ({ migrationTaskName }) => migrationTaskName],
  ['WAVE', ({ wave }) => short(wave)],
  ['APPLICATION', ({ application }) => short(application)],
  ['WHY', ({ why }) => why],
];

/** Writes what the files are, and what becomes of each row. */
export function explain(inventory: Inventory, outcomes: RowOutcome[], flags: OutputFlags): void {
  const { files, servers } = inventory;
  const serverOf = new Map(servers.map(({ from: _from, ...server }) => [server.migrationTaskName, server]));
  const rows = outcomes.map((row): ExplainedRow => {
    const server = row.outcome === 'task' && serverOf.get(row.migrationTaskName ?? '');
    return { ...row, ...server };
  });
  if (flags.output === 'json') return write(jsonOf({ ...inventory, rows }, 2));
  for (const line of files.flatMap(linesOf)) note(plain(line));
  if (rows.length === 0) return;
  writeRows(rows, COLUMNS, flags);
  note(`rows: ${rows.length} (${inWords(OUTCOMES.map((name) => [name, countOf(rows, name)]))})`);
  note(`servers: ${servers.length} (${inWords(attributesOf(servers)) || 'none is left'})`);
}

const ROLES: Record<ReadFile['role'], string> = {
  wave: 'names the servers to migrate',
  identity: 'has the attributes by which Migration Hub finds servers',
  both: 'names the servers to migrate, and has the attributes by which Migration Hub finds them',
};

/** As a person names it. */
const DELIMITERS: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

function linesOf({ name, format, role, delimiter, rows, notes, ignoredColumns }: ReadFile): string[] {
  return [
    `${name}: ${format}; ${ROLES[role]}; rows: ${rows}; columns separated by ${DELIMITERS[delimiter] ?? delimiter}`,
    ...notes.map((each) => `  ${each}`),
    ...(ignoredColumns.length > 0 ? [`  columns that are not used: ${ignoredColumns.join(', ')}`] : []),
  ];
}

const OUTCOMES: RowOutcome['outcome'][] = ['task', 'joined', 'skipped', 'error'];

const countOf = (rows: RowOutcome[], name: RowOutcome['outcome']): number =>
  rows.filter(({ outcome }) => outcome === name).length;

/** How many servers have which attribute. */
function attributesOf(servers: InventoryServer[]): [type: string, count: number][] {
  const counts = new Map<string, number>();
  for (const server of servers) {
    const types = attributeTypes(server);
    for (const type of types.length > 0 ? types : ['no attribute']) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts];
}

/** "24 task, 4 skipped" */
const inWords = (counts: [name: string, count: number][]): string =>
  counts
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
