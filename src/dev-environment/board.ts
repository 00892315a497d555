import type { Client } from '@temporalio/client';

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

/** Serves the board on this machine; undefined where this version of the package has none. */
export async function serveBoard(client: Client, port: number): Promise<Board | undefined> {
  let module: { startBoard: StartBoard };
  try {
    module = (await import(BOARD)) as { startBoard: StartBoard };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' && message.includes('board')) return undefined;
    throw error;
  }
  return module.startBoard({ client, port, host: '127.0.0.1' });
}
