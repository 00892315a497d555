import type { Inventory, InventoryProblem } from '../../inventory';
import { CliError } from '../cli-error';
import { note } from '../output';
import { plain } from '../table';

/** Of many problems, and of many warnings, so many are shown. */
const SHOWN = 100;

/**
 * Writes what is wrong, and what is doubtful, one a line.
 * @throws CliError where something is wrong. With `skipInvalid` only where it is a whole file, since all its servers would be left out,
 * or their attributes; and where no server is left
 */
export function checkInventory({ problems, warnings, servers }: Inventory, skipInvalid = false): void {
  notePlaces(warnings, 'warning: ');
  notePlaces(problems);
  const count = problems.length === 1 ? 'one error' : `${problems.length} errors`;
  const shown = problems.length > SHOWN ? `, of which ${SHOWN} are shown` : '';
  const broken = new Set(problems.flatMap(({ file, isOfFile }) => (isOfFile ? [file] : [])));
  if (broken.size > 0 && skipInvalid)
    throw new CliError(
      `--skip-invalid leaves out rows, not files: mend ${[...broken].join(', ')}. Nothing is registered`,
    );
  if (problems.length > 0 && !skipInvalid) {
    const mend = broken.size > 0 ? 'Mend the files' : 'Mend the files, or leave out these rows with --skip-invalid';
    throw new CliError(`${count}${shown}: nothing is registered. ${mend}`);
  }
  if (servers.length === 0) throw new CliError('no server is left: nothing is registered');
  if (problems.length > 0) note(`${count}${shown}: these rows are left out (--skip-invalid)`);
}

function notePlaces(places: InventoryProblem[], word = ''): void {
  for (const { file, line, column, message } of places.slice(0, SHOWN))
    note(plain(`${file}:${line}:${column}: ${word}${message}`));
  if (word && places.length > SHOWN) note(`${places.length} warnings, of which ${SHOWN} are shown`);
}
