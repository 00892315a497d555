import type { FastifyInstance } from 'fastify';
import { FaultRuleError } from './fault-rule-check';
import type { FaultRules } from './fault-rules';
import type { Journal } from './journal';
import type { Store } from './store';

/** What the emulator's own door shows and changes. */
export interface AdminParts {
  store: Store;
  journal: Journal;
  faults: FaultRules;
  homeRegion: string;
  /** Epoch seconds. */
  now: () => number;
  reset: () => void;
}

/** `/_mgh/`: plain JSON, times as epoch seconds. Faults never hit it. */
export function addAdminRoutes(app: FastifyInstance, parts: AdminParts): void {
  const { store, journal, faults, homeRegion, now, reset } = parts;

  app.get('/_mgh/health', () => ({
    status: 'ok',
    now: now(),
    homeRegion,
    streams: store.streamList().length,
    tasks: store.tasks().length,
    requests: journal.size,
    droppedRequests: journal.dropped,
  }));

  app.get('/_mgh/tasks', () => store.snapshot());

  app.get<{ Querystring: { operation?: string; task?: string } }>('/_mgh/requests', (request, reply) => {
    void reply.header('x-mgh-dropped-requests', journal.dropped);
    return journal.entries(request.query);
  });

  app.get('/_mgh/faults', () => faults.list());

  app.post('/_mgh/faults', (request, reply) => {
    try {
      faults.set(JSON.parse(typeof request.body === 'string' ? request.body : ''));
      return faults.list();
    } catch (error) {
      if (error instanceof FaultRuleError) return reply.code(400).send({ error: error.message });
      if (error instanceof SyntaxError)
        return reply.code(400).send({ error: `The body is not JSON: ${error.message}` });
      throw error;
    }
  });

  app.delete('/_mgh/faults', () => {
    faults.clear();
    return [];
  });

  app.post('/_mgh/reset', () => {
    reset();
    return {};
  });
}
