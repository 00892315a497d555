import { join } from 'node:path';
import { bundleBoard } from './board/page';

/** Part of the build: the page of the board. */
bundleBoard(join(__dirname, '../lib/board/page')).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
