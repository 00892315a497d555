import type { Inventory, InventoryServer, ReadFile, RowOutcome } from '../../inventory';
import { jsonOf, note, write, writeRows, type Column, type OutputFlags } from '../output';
import { plain } from '../table';

const COLUMNS: Column<RowOutcome>[] = [
  ['ROW', ({ file, line }) => `${file}:${line}`],
  ['OUTCOME', ({ outcome }) => outcome],
  ['TASK', ({ migrationTaskName }) => migrationTaskName],
  ['WHY', ({ why }) => why],
];

/** Writes what the files are, and what becomes of each row. */
export function explain(inventory: Inventory, rows: RowOutcome[], flags: OutputFlags): void {
  if (flags.output === 'json') return write(jsonOf({ ...inventory, rows }, 2));
  for (const line of inventory.files.flatMap(linesOf)) note(plain(line));
  if (rows.length > 0) writeRows(rows, COLUMNS, flags);
  note(countOf(rows));
  note(attributesOf(inventory.servers));
}

const ROLES: Record<ReadFile['role'], string> = {
  wave: 'names the servers to migrate',
  identity: 'tells by what Migration Hub finds servers',
  both: 'names the servers to migrate, and tells by what Migration Hub finds them',
};

/** As a person names it. */
const DELIMITERS: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

function linesOf({ name, format, role, delimiter, rows, notes, ignoredColumns }: ReadFile): string[] {
  return [
    `${name}: ${format}; ${ROLES[role]}; ${rows} rows, columns separated by ${DELIMITERS[delimiter] ?? delimiter}`,
    ...notes.map((each) => `  ${each}`),
    ...(ignoredColumns.length > 0 ? [`  columns that are not used: ${ignoredColumns.join(', ')}`] : []),
  ];
}

const OUTCOMES: [outcome: RowOutcome['outcome'], words: string][] = [
  ['task', 'become a task'],
  ['joined', 'are joined to the task of another row'],
  ['skipped', 'are skipped'],
  ['error', 'have an error'],
];

function countOf(rows: RowOutcome[]): string {
  const counts = OUTCOMES.map(([outcome, words]) => [rows.filter((row) => row.outcome === outcome).length, words]);
  const told = counts.filter(([count]) => count !== 0).map(([count, words]) => `${count} ${words}`);
  return [`of ${rows.length} rows`, told.join(', ')].filter(Boolean).join(' ');
}

/** How many servers have which attribute. */
function attributesOf(servers: InventoryServer[]): string {
  const counts = new Map<string, number>();
  for (const { resourceAttributes } of servers)
    for (const type of new Set(resourceAttributes.map(({ type }) => type)))
      counts.set(type, (counts.get(type) ?? 0) + 1);
  const without = servers.filter(({ resourceAttributes }) => resourceAttributes.length === 0).length;
  if (without > 0) counts.set('none', without);
  const told = [...counts].map(([type, count]) => `${type} ${count}`).join(', ');
  return `attributes of ${servers.length} servers: ${told || 'none'}`;
}
