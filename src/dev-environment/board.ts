import type { Client } from '@temporalio/client';
import type { Board } from '../board';
import type { Log } from '../temporal-cli/log';

/** Serves the board on this machine; undefined where it cannot be, which is said: the other parts do without. */
export async function serveBoard(
  client: Client,
  port: number,
  allowHosts: string[] | undefined,
  log: Log,
): Promise<Board | undefined> {
  try {
    const { startBoard } = await import('../board/index.js');
    return await startBoard({ client, port, host: '127.0.0.1', allowHosts });
  } catch (error) {
    log(`without the board: ${(error as Error).message}`);
    return undefined;
  }
}
