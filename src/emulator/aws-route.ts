import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Call, perform, readCall } from './call';
import { MigrationHubError, unknownOperation } from './errors';
import { HTML_503, faultError } from './fault-answers';
import type { FaultRules } from './fault-rules';
import type { Journal } from './journal';
import type { Context } from './operations';
import type { JournalEntry } from './types';

/** What the AWS door needs beside the operations' own context. */
export interface AwsRouteParts extends Context {
  faults: FaultRules;
  journal: Journal;
  /** Epoch seconds. */
  now: () => number;
}

type Outcome = { output: object } | { error: MigrationHubError };

function outcomeOf(work: () => object): Outcome {
  try {
    return { output: work() };
  } catch (error) {
    if (error instanceof MigrationHubError) return { error };
    return { error: new MigrationHubError('InternalServerError', `The emulator failed: ${String(error)}`, 500) };
  }
}

function answer(reply: FastifyReply, entry: JournalEntry, outcome: Outcome): FastifyReply {
  const error = 'error' in outcome ? outcome.error : undefined;
  entry.httpStatus = error?.httpStatus ?? 200;
  entry.error = error?.type ?? null;
  return reply
    .code(entry.httpStatus)
    .headers({ 'x-amzn-requestid': entry.requestId, 'content-type': 'application/x-amz-json-1.1', ...error?.headers })
    .send('output' in outcome ? JSON.stringify(outcome.output) : outcome.error.body());
}

function resetConnection(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.resetAndDestroy();
  return reply;
}

/** `POST /`: every AWS call, with the faults in front of it and the journal behind it. */
export function addAwsRoute(app: FastifyInstance, parts: AwsRouteParts): void {
  const { faults, journal, now } = parts;

  const record = (request: FastifyRequest, call: Call): JournalEntry => {
    const { operation, progressUpdateStream, migrationTaskName, body } = call;
    const requestId = request.id;
    const open = { httpStatus: null, error: null, fault: null };
    return journal.add({ at: now(), operation, progressUpdateStream, migrationTaskName, ...open, body, requestId });
  };
  const read = (request: FastifyRequest, raw: string) =>
    readCall(request.headers['x-amz-target']?.toString(), request.headers['content-type'], raw);

  app.post('/', async (request, reply) => {
    const call = read(request, typeof request.body === 'string' ? request.body : '');
    const entry = record(request, call);
    const action = faults.pick(call);
    entry.fault = action?.type ?? null;
    const error = action && faultError(action, call.input?.DryRun === true);
    if (error) return answer(reply, entry, { error });

    if (action?.type === 'html-503') {
      entry.httpStatus = 503;
      return reply.code(503).header('content-type', 'text/html').send(HTML_503);
    }
    if (action?.type === 'hang') return reply.hijack();
    if (action?.type === 'reset') return resetConnection(request, reply);
    if (action?.type === 'slow') await delay(action.ms, undefined, { ref: false });
    const outcome = outcomeOf(() => perform(parts, call));
    if (action?.type !== 'apply-then-reset') return answer(reply, entry, outcome);
    entry.error = 'error' in outcome ? outcome.error.type : null;
    return resetConnection(request, reply);
  });

  app.setNotFoundHandler((request, reply) => {
    const error = unknownOperation(`${request.method} ${request.url} is not here: AWS calls are POST /.`, 404);
    return answer(reply, { requestId: request.id } as JournalEntry, { error });
  });

  // Only what Fastify itself refuses comes here, such as a body over the limit.
  app.setErrorHandler((thrown: Error & { statusCode?: number }, request, reply) => {
    const httpStatus = thrown.statusCode ?? 500;
    const type = httpStatus === 413 ? 'RequestEntityTooLargeException' : 'SerializationException';
    const isCall = request.method === 'POST' && request.url === '/';
    const entry = isCall ? record(request, read(request, '')) : ({ requestId: request.id } as JournalEntry);
    return answer(reply, entry, { error: new MigrationHubError(type, thrown.message, httpStatus) });
  });
}
