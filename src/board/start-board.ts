import { listen } from '../http/listen';
import { TaskTable } from './data/task-table';
import { TaskWatch } from './data/task-watch';
import { timelineOf } from './data/timeline';
import { Access } from './http/access';
import { addDataRoutes } from './http/data-routes';
import { eventOf, Feed } from './http/feed';
import { hello } from './http/hello';
import { HostNames } from './http/host-names';
import { createServer } from './http/server';
import { pageFolder } from './page-folder';
import { boardSettings, type BoardOptions } from './settings';

/** A browser that is told nothing for longer takes the board for gone. */
const STATUS_MS = 10_000;

/** A board that runs. */
export interface Board {
  /** Where it is reached from this machine, without a slash at the end. */
  url: string;
  /** The TCP port. */
  port: number;
  /** Ends it, and disconnects its browsers. The Temporal connection stays. */
  close(): Promise<void>;
}

/**
 * Starts the board: one page that shows all tasks of a namespace. It reads histories, asks no worker, and changes nothing.
 * @throws ConfigurationError for options that are wrong or misspelt, and where it cannot listen
 */
export async function startBoard(options: BoardOptions): Promise<Board> {
  const settings = boardSettings(options);
  const { client, host } = settings;
  const table = new TaskTable();
  const feed = new Feed();
  const sendStatus = () => feed.send(eventOf('status', JSON.stringify(watch.statusNow())));
  const listener = { onChanges: (changes: string) => feed.send(eventOf('changes', changes)), onStatus: sendStatus };
  const watch = new TaskWatch(client, table, listener, () => feed.size > 0);
  const access = new Access(settings.token);
  const app = await createServer(pageFolder(), new HostNames(host, settings.allowHosts), access);
  addDataRoutes(app, feed, access, {
    hello: () => hello(watch.statusNow(), table.snapshot()),
    begin: () => watch.begin(),
    timeline: (task) => timelineOf(client, task),
  });
  const { url, port } = await listen(app, { host, port: settings.port, portFlag: '--port', hostFlag: '--host' });
  const timer = setInterval(sendStatus, STATUS_MS).unref();
  return {
    url,
    port,
    close: async () => {
      clearInterval(timer);
      feed.close();
      await Promise.all([app.close(), watch.end()]);
    },
  };
}
