import type { AddressInfo } from 'node:net';
import { TaskTable } from '../../src/board/data/task-table';
import { Access } from '../../src/board/http/access';
import { addDataRoutes } from '../../src/board/http/data-routes';
import { eventOf, Feed } from '../../src/board/http/feed';
import { hello } from '../../src/board/http/hello';
import { HostNames } from '../../src/board/http/host-names';
import { createServer } from '../../src/board/http/server';
import { keyOf, type BoardStatus, type BoardTask } from '../../src/board/wire';
import { sampleTimeline } from './sample-programme';

/** The board's own server and page, with tasks that are given in place of Temporal's. */
export interface SampleServer {
  url: string;
  /** Tells the browsers of changed tasks. */
  change(tasks: BoardTask[]): void;
  close(): Promise<void>;
}

/** Starts it; with a token it asks for that. */
export async function serveTasks(
  page: string,
  tasks: BoardTask[],
  status: Partial<BoardStatus> = {},
  token?: string,
): Promise<SampleServer> {
  const table = new TaskTable();
  for (const task of tasks) table.put(task);
  table.takeChanges();
  const feed = new Feed();
  const access = new Access(token);
  const app = await createServer(page, new HostNames('localhost', []), access);
  const statusNow = (): BoardStatus => {
    const now = Date.now() / 1000;
    return { now, namespace: 'migrations', lookedAt: now - 2, lookSeconds: 0.4, unserved: [], ...status };
  };
  addDataRoutes(app, feed, access, {
    hello: () => hello(statusNow(), table.snapshot()),
    begin: () => undefined,
    timeline: (asked) => {
      const task = tasks.find((each) => keyOf(each) === keyOf(asked));
      return Promise.resolve(task ? sampleTimeline(task, Date.now() / 1000) : { entries: [], isCut: false });
    },
  });
  await app.listen({ port: 0, host: 'localhost' });
  const timer = setInterval(() => feed.send(eventOf('status', JSON.stringify(statusNow()))), 2000);
  return {
    url: `http://localhost:${(app.server.address() as AddressInfo).port}`,
    change: (changed) => {
      for (const task of changed) table.put(task);
      for (const changes of table.takeChanges()) feed.send(eventOf('changes', changes));
    },
    close: async () => {
      clearInterval(timer);
      feed.close();
      await app.close();
    },
  };
}
