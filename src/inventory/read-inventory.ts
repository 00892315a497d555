import { ConfigurationError } from '../report/configuration-error';
import { readFile } from './read-file';
import { serversOf } from './servers/check-servers';
import { compareTasks } from './servers/compare-tasks';
import { joinFiles } from './servers/join-files';
import { nameTasks } from './servers/name-tasks';
import { outcomesOf } from './servers/outcomes';
import type { RecordFile } from './servers/record-file';
import type { SourceFile } from './servers/source-file';
import type { Inventory, InventoryFile, InventoryOptions, InventoryProblem, ReadFile } from './types';

/**
 * Reads CSV files of servers, each of which is recognised by its header: wave files (Cloud Migration Factory intake forms, AWS
 * Application Migration Service import) and inventories (Application Discovery Service, RVTools vInfo and vNetwork, Azure Migrate). Rows
 * of one server are joined: a server has the attributes that all of them tell.
 *
 * The files are read as streams. All errors are told at once, each with its place. A row with an error yields no server; a file that
 * cannot be used as a whole (another format, an encoding or quotes that are wrong, a column that is missing) yields none.
 * @throws ConfigurationError if there is no such encoding; what a file's `open` throws
 */
export async function readInventory(inputs: InventoryFile[], options: InventoryOptions = {}): Promise<Inventory> {
  const { encoding = 'utf-8', onRow } = options;
  checkEncoding(encoding);
  const files: RecordFile[] = [];
  for (const input of inputs) files.push(await readFile(input, { encoding, remembersRows: onRow !== undefined }));
  const tasks = nameTasks(joinFiles(files));
  compareTasks(tasks);
  const servers = serversOf(tasks);
  if (onRow) for (const outcome of outcomesOf(files, tasks)) onRow(outcome);
  return {
    files: files.flatMap(toReadFile),
    servers,
    problems: files.flatMap(({ errors }) => errors.sort(byPlace)),
    warnings: files.flatMap(({ warnings }) => warnings.sort(byPlace)),
  };
}

function checkEncoding(encoding: string): void {
  try {
    new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new ConfigurationError(
      `encoding is ${JSON.stringify(encoding)}, but it must be one of the WHATWG Encoding Standard, such as utf-8, windows-1252 or utf-16le`,
    );
  }
}

const byPlace = (a: InventoryProblem, b: InventoryProblem): number => a.line - b.line || a.column - b.column;

function toReadFile(file: SourceFile): ReadFile[] {
  const { name, format, role, delimiter, rows, notes, skipNotes, ignoredColumns } = file;
  if (!format || !role) return [];
  return [{ name, format: format.name, role, delimiter, rows, notes: [...notes, ...skipNotes], ignoredColumns }];
}
