import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../report/configuration-error';

/** Where the built page is: beside this file in the package, or, where the sources run as they are, in `lib`. */
export function pageFolder(): string {
  const folders = [join(__dirname, 'page'), join(__dirname, '../../lib/board/page')];
  const built = folders.find((folder) => existsSync(join(folder, 'board.js')));
  if (built === undefined) throw new ConfigurationError('the page of the board is not built: npm run build');
  return built;
}
