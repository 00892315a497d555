import type { FastifyInstance } from 'fastify';
import { checkTask } from '../../client/task-filter';
import { ConfigurationError } from '../../report/configuration-error';
import type { TaskIdentity } from '../../report';
import { MOST_BROWSERS, type Session, type Timeline } from '../wire';
import type { Access } from './access';
import type { Feed } from './feed';

/** Where the routes take their data. */
export interface DataSource {
  /** What a browser gets when it comes. */
  hello(): string;
  /** A browser has come. */
  begin(): void;
  /** What histories tell of a task. */
  timeline(task: TaskIdentity): Promise<Timeline>;
}

const NEVER_KEPT = { 'cache-control': 'no-store' };
const TOO_MANY = `${MOST_BROWSERS} browsers show this board, the most that it serves: close it in one of them, then try again`;

/** Adds the routes of the page's data, below `/api/`. Names of tasks are in the query: in a path, `..` would be another one. */
export function addDataRoutes(app: FastifyInstance, feed: Feed, access: Access, source: DataSource): void {
  app.get('/api/session', (_request, reply) => {
    const cookie = access.cookie();
    if (cookie) void reply.header('set-cookie', cookie);
    return reply.headers(NEVER_KEPT).send({ ok: true, isFull: feed.isFull } satisfies Session);
  });

  app.get('/api/events', (request, reply) => {
    // Unbuffered also behind nginx.
    void reply.headers({ ...NEVER_KEPT, 'x-accel-buffering': 'no' }).type('text/event-stream');
    if (request.method === 'HEAD') return reply.send('');
    const browser = feed.join(source.hello());
    if (!browser) return reply.code(503).type('application/json').send({ error: TOO_MANY });
    source.begin();
    return reply.send(browser);
  });

  app.get<{ Querystring: Record<string, unknown> }>('/api/history', async (request, reply) => {
    const { stream, task } = request.query;
    const identity = { progressUpdateStream: stream, migrationTaskName: task } as TaskIdentity;
    try {
      checkTask(identity);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return reply.code(400).send({ error: `?stream=…&task=…: ${error.message}` });
    }
    return reply.headers(NEVER_KEPT).send(await source.timeline(identity));
  });
}
