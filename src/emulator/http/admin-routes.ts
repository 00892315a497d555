import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FaultRules } from '../faults/fault-rules';
import type { Outage } from '../faults/outage';
import type { Throttle } from '../faults/throttle';
import type { StalenessReport } from '../hub/staleness-report';
import type { EmulatorTask } from '../hub/task-snapshot';
import type { Journal } from '../journal/journal';
import type { Metrics } from '../journal/metrics';
import { SettingError } from '../settings/setting-error';
import type { Clock } from '../time/clock';

/** What the admin routes show and change. */
export interface AdminParts {
  /** The checked options. */
  settings: { homeRegion: string | null };
  /** The last requests. */
  journal: Journal;
  /** The fault rules. */
  faults: FaultRules;
  /** The outage. */
  outage: Outage;
  /** The throttle. */
  throttle: Throttle;
  /** The emulator's clock. */
  clock: Clock;
  /** The metrics. */
  metrics: Metrics;
  /** How many streams all accounts have. */
  streams: () => number;
  /** All tasks, with their staleness now. */
  tasks: () => EmulatorTask[];
  /** How long each task was stale. */
  staleness: () => StalenessReport;
  /** Everything that Migration Hub holds, as JSON. */
  state: () => unknown;
  /** Replaces everything that Migration Hub holds. */
  seed: (state: unknown) => void;
  /** Writes the whole state to the state file, if there is one. */
  snapshot: () => void;
  /** Forgets everything but the options. */
  reset: () => void;
  /** Resolves when everything so far is in the state file, if there is one. */
  durable: () => Promise<void>;
}

/** In bytes. */
const SEED_BYTES = 256 * 1024 * 1024;

function bodyOf({ body }: FastifyRequest): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : '');
  } catch (error) {
    throw new SettingError(`The body is not JSON: ${(error as Error).message}`);
  }
}

function addViews(app: FastifyInstance, parts: AdminParts): void {
  const { journal, faults, outage, throttle, clock, metrics, settings, streams, tasks, staleness, state } = parts;

  app.get('/_mgh/health', () => ({
    status: 'ok',
    now: clock.now(),
    homeRegion: settings.homeRegion,
    streams: streams(),
    tasks: tasks().length,
    requests: journal.size,
    droppedRequests: journal.dropped,
  }));
  app.get('/_mgh/tasks', () => tasks());
  app.get<{ Querystring: { operation?: string; task?: string } }>('/_mgh/requests', (request, reply) => {
    void reply.header('x-mgh-dropped-requests', journal.dropped);
    return journal.entries(request.query);
  });
  app.get('/_mgh/staleness', () => staleness());
  app.get('/_mgh/state', () => state());
  app.get('/_mgh/metrics', async (_request, reply) => {
    const text = await metrics.text();
    return reply.header('content-type', metrics.contentType).send(text);
  });
  app.get('/_mgh/faults', () => faults.list());
  app.get('/_mgh/outage', () => ({ outage: outage.show() }));
  app.get('/_mgh/throttle', () => ({ throttle: throttle.show() }));
  app.get('/_mgh/clock', () => clock.show());
}

function addCommands(app: FastifyInstance, parts: AdminParts): void {
  const { faults, outage, throttle, clock, state, seed, snapshot, reset, durable } = parts;

  app.post('/_mgh/faults', (request) => {
    faults.set(bodyOf(request));
    return faults.list();
  });
  app.delete('/_mgh/faults', () => {
    faults.clear();
    return [];
  });
  app.post('/_mgh/outage', (request) => {
    outage.set(bodyOf(request));
    return { outage: outage.show() };
  });
  app.delete('/_mgh/outage', () => {
    outage.clear();
    return { outage: null };
  });
  app.post('/_mgh/throttle', (request) => {
    throttle.set(bodyOf(request));
    return { throttle: throttle.show() };
  });
  app.delete('/_mgh/throttle', () => {
    throttle.clear();
    return { throttle: null };
  });
  app.post('/_mgh/clock', (request) => {
    clock.do(bodyOf(request));
    return clock.show();
  });
  app.post('/_mgh/reset', async () => {
    reset();
    await durable();
    return {};
  });
  app.post('/_mgh/seed', { bodyLimit: SEED_BYTES }, async (request) => {
    seed(bodyOf(request));
    await durable();
    return {};
  });
  app.post('/_mgh/snapshot', async () => {
    const taken = state();
    snapshot();
    await durable();
    return taken;
  });
}

/**
 * Adds the admin routes below `/_mgh/`: JSON, with times as epoch seconds. Faults, throttle and outage do not affect
 * them. An error is `{ error }`: 400 for a setting that cannot be used.
 */
export function addAdminRoutes(app: FastifyInstance, parts: AdminParts): void {
  void app.register((admin, _options, done) => {
    admin.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      const httpStatus = error instanceof SettingError ? 400 : (error.statusCode ?? 500);
      return reply.code(httpStatus).send({ error: error.message });
    });
    addViews(admin, parts);
    addCommands(admin, parts);
    done();
  });
}
