import type { Client } from '@temporalio/client';
import type { Log } from '../temporal-cli/log';

/** The board, as a page that is served. */
export interface Board {
  /** Where it is. */
  url: string;
  /** Ends it. */
  close(): Promise<void>;
}
type StartBoard = (options: { client: Client; port: number; host: string; token?: string }) => Promise<Board>;

/** Not yet part of the package: named so that the compiler does not look for it. */
const BOARD: string = '../board/index.js';

/** Serves the board on this machine; undefined where it cannot be, which is said: the other parts do without. */
export async function serveBoard(client: Client, port: number, log: Log): Promise<Board | undefined> {
  try {
    const { startBoard } = (await import(BOARD)) as { startBoard: StartBoard };
    return await startBoard({ client, port, host: '127.0.0.1' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    log(`without the board: ${code === 'ERR_MODULE_NOT_FOUND' ? 'it is not part of this version' : message}`);
    return undefined;
  }
}
