import type { CallView } from '../last-call';
import { json, type HttpRoute } from './server';

/** A task queue, and whether this process asks for its tasks. */
export interface QueueState {
  /** Its name. */
  taskQueue: string;
  /** Its pollers run; whether the server takes them only the server knows. */
  isPolled: boolean;
}

/** What readiness is judged by. */
export interface Serving {
  /** Rejects where Temporal does not answer. */
  askTemporal(): Promise<unknown>;
  /** Of both workers. */
  queues(): QueueState[];
}

/** Whether this process is ready; what it does not have yet is not there. */
export interface Health {
  /** Once the workers run. */
  serving?: Serving;
  /** What became of the last call to Migration Hub. */
  lastCall(): CallView | undefined;
}

/**
 * `/healthz`: the process lives. `/readyz`: it is of use, since Temporal answers and both task queues are polled. Migration Hub has no
 * part in that: while it is away, reports are taken all the same, and another process could do no more.
 */
export const healthRoutes = (health: Health): HttpRoute[] => [
  { path: '/healthz', answer: () => json(200, { status: 'ok' }) },
  { path: '/readyz', answer: () => readiness(health) },
];

async function readiness({ serving, lastCall }: Health) {
  const temporal = serving ? await reached(serving) : { isReachable: false, reason: 'not connected yet' };
  const taskQueues = serving?.queues() ?? [];
  const isReady = temporal.isReachable && taskQueues.length > 0 && taskQueues.every(({ isPolled }) => isPolled);
  return json(isReady ? 200 : 503, {
    status: isReady ? 'ready' : 'not ready',
    temporal,
    taskQueues,
    lastMigrationHubCall: lastCall() ?? null,
  });
}

async function reached({ askTemporal }: Serving): Promise<{ isReachable: boolean; reason?: string }> {
  try {
    await askTemporal();
    return { isReachable: true };
  } catch (error) {
    return { isReachable: false, reason: (error as Error).message };
  }
}
