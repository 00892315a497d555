import type { Inventory, InventoryProblem } from '../../inventory';
import { CliError } from '../cli-error';
import { note } from '../output';
import { plain } from '../table';

/** Of many problems, and of many warnings, so many are shown. */
const SHOWN = 100;

/**
 * Writes what is wrong, and what is doubtful, one a line.
 * @throws CliError where something is wrong, unless `skipInvalid`; also then, where nothing is left
 */
export function checkInventory({ problems, warnings, servers }: Inventory, skipInvalid = false): void {
  notePlaces(warnings, 'warning: ');
  notePlaces(problems);
  const count = problems.length === 1 ? 'one error' : `${problems.length} errors`;
  const shown = problems.length > SHOWN ? `, of which ${SHOWN} are shown` : '';
  if (problems.length > 0 && !skipInvalid)
    throw new CliError(
      `${count}${shown}: nothing is registered. Mend the files, or leave out what is wrong with --skip-invalid`,
    );
  if (servers.length === 0) throw new CliError('no servers are left: nothing is registered');
  if (problems.length > 0) note(`${count}${shown}: what is wrong is left out (--skip-invalid)`);
}

function notePlaces(places: InventoryProblem[], word = ''): void {
  for (const { file, line, column, message } of places.slice(0, SHOWN))
    note(plain(`${file}:${line}:${column}: ${word}${message}`));
  if (word && places.length > SHOWN) note(`${places.length} warnings, of which ${SHOWN} are shown`);
}
