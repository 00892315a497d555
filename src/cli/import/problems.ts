import type { Inventory, InventoryProblem, RowOutcome } from '../../inventory';
import { CliError } from '../cli-error';
import { note } from '../output';
import { plain } from '../table';

/** Of many problems, and of many warnings, so many are shown. */
const SHOWN = 100;

/**
 * Writes what is wrong, and what is doubtful, one a line. `leftOut`: the rows with an error, where they are to be left out.
 * @throws CliError where something is wrong; with `leftOut` only where it is a whole file, since all its servers would be left out, or
 * their attributes, and where no server is left
 */
export function checkInventory(inventory: Inventory, leftOut?: RowOutcome[]): void {
  const { files, problems, warnings, servers } = inventory;
  notePlaces(warnings, 'warning: ');
  notePlaces(problems);
  const count = problems.length === 1 ? 'one error' : `${problems.length} errors`;
  const shown = problems.length > SHOWN ? `, of which ${SHOWN} are shown` : '';
  const broken = new Set(problems.flatMap(({ file, isOfFile }) => (isOfFile ? [file] : [])));
  if (broken.size > 0 && leftOut)
    throw new CliError(
      `--skip-invalid leaves out rows, not files: correct ${[...broken].join(', ')}. Nothing is registered`,
    );
  if (problems.length > 0 && !leftOut) {
    const choice = broken.size > 0 ? '' : '; --skip-invalid leaves out only these rows';
    throw new CliError(`${count}${shown}: nothing is registered${choice}`);
  }
  if (servers.length === 0) throw new CliError('no server is left: nothing is registered');
  if (files.every(({ role }) => role === 'identity'))
    note(`no wave file is given: all ${servers.length} servers of the inventory become tasks, without a wave`);
  if (!leftOut || problems.length === 0) return;
  noteOthers(leftOut, problems);
  note(`${count}${shown}; rows left out: ${leftOut.length} (--skip-invalid)`);
}

/** Rows that no error of their own stands for: of two with one name both are left out. */
function noteOthers(leftOut: RowOutcome[], problems: InventoryProblem[]): void {
  const told = new Set(problems.map(({ file, line }) => `${file}:${line}`));
  const others = leftOut.filter(({ file, line }) => !told.has(`${file}:${line}`));
  for (const { file, line, why } of others.slice(0, SHOWN)) note(plain(`${file}:${line}: left out, too: ${why}`));
}

function notePlaces(places: InventoryProblem[], word = ''): void {
  const lines = places.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${word}${message}`);
  noteLines(lines, word ? 'warnings' : undefined);
}

/** Writes the first hundred lines; if there are more, how many they are, where `what` they are is given. */
export function noteLines(lines: string[], what?: string): void {
  for (const line of lines.slice(0, SHOWN)) note(plain(line));
  if (what !== undefined && lines.length > SHOWN) note(`${lines.length} ${what}, of which ${SHOWN} are shown`);
}
