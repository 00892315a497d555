import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Call, type Caller, perform, readCall } from '../calls/call';
import type { CallRecorder } from '../journal/call-recorder';
import { type Answer, hang, resetConnection, truncate } from '../faults/connection-faults';
import { MigrationHubError, unknownOperation } from '../hub/errors';
import { faultError, faultPage } from '../faults/fault-answers';
import type { Fault } from '../faults/fault-gate';
import type { FaultSubject } from '../faults/fault-rules';
import type { Journal, NewEntry } from '../journal/journal';
import { accountOf, scopeOf } from '../calls/credential-scope';
import { checkSignature, type SignatureCheck } from './signatures';

/** What the AWS door needs beside the operations' own context. */
export interface AwsRouteParts extends Omit<Caller, 'accountId' | 'region'> {
  /** What stands between a call and the work, if anything does. */
  faultFor: (subject: FaultSubject) => Fault | undefined;
  journal: Journal;
  recorder: CallRecorder;
  signatures: SignatureCheck;
}

type Outcome = { output: object } | { error: MigrationHubError };

async function outcomeOf(work: () => Promise<object>): Promise<Outcome> {
  try {
    return { output: await work() };
  } catch (error) {
    if (error instanceof MigrationHubError) return { error };
    return { error: new MigrationHubError('InternalServerError', `The emulator failed: ${String(error)}`, 500) };
  }
}

/** The answer to an outcome; it is also what the journal then says. */
function answerTo(entry: NewEntry, outcome: Outcome): Answer {
  const error = 'error' in outcome ? outcome.error : undefined;
  entry.httpStatus = error?.httpStatus ?? 200;
  entry.error = error?.type ?? null;
  return {
    httpStatus: entry.httpStatus,
    headers: {
      'x-amzn-requestid': entry.requestId,
      'content-type': 'application/x-amz-json-1.1',
      ...error?.headers,
    },
    body: 'output' in outcome ? JSON.stringify(outcome.output) : outcome.error.body(),
  };
}

const send = (reply: FastifyReply, { httpStatus, headers, body }: Answer) =>
  // Of a text Fastify would amend the content type, which the protocol names without a charset.
  reply.code(httpStatus).headers(headers).send(Buffer.from(body));

/** `POST /`: every AWS call, with the faults in front of it and the journal behind it. */
export function addAwsRoute(app: FastifyInstance, parts: AwsRouteParts): void {
  const { faultFor, journal, recorder, now, signatures, switches } = parts;

  const record = (request: FastifyRequest, call: Call, raw: string): NewEntry => {
    const { operation, progressUpdateStream, migrationTaskName } = call;
    const open = { httpStatus: null, error: null, fault: null };
    const requestId = request.id;
    return journal.add({ at: now(), operation, progressUpdateStream, migrationTaskName, ...open, requestId }, raw);
  };
  const read = (request: FastifyRequest, raw: string) =>
    readCall(request.headers['x-amz-target']?.toString(), request.headers['content-type'], raw);

  const work = (request: FastifyRequest, call: Call) =>
    outcomeOf(async () => {
      const { headers, body } = request;
      const scope = scopeOf(headers.authorization);
      await checkSignature(signatures, { headers, body: typeof body === 'string' ? body : '' });
      const applied = recorder.begin(call, scope);
      const output = perform({ ...parts, accountId: accountOf(scope), region: scope?.region }, call);
      applied();
      await recorder.durable();
      return output;
    });

  const handle = async (request: FastifyRequest, reply: FastifyReply, call: Call, entry: NewEntry) => {
    const fault = faultFor(call);
    const action = fault?.action;
    entry.fault = fault?.name ?? null;
    const error = action && faultError(action, call.input?.DryRun === true);
    if (error) return send(reply, answerTo(entry, { error }));
    const page = action && faultPage(action);
    if (page) {
      entry.httpStatus = page.httpStatus;
      return send(reply, page);
    }
    if (action?.type === 'hang') return hang(reply);
    if (action?.type === 'reset') return resetConnection(request, reply);
    if (action?.type === 'slow') await delay(action.ms, undefined, { ref: false });

    const outcome = await work(request, call);
    const answer = answerTo(entry, outcome);
    if (answer.body === '{}' && switches.successBody === 'nothing') answer.body = '';
    if (action?.type === 'truncate') return truncate(reply, answer);
    if (action?.type === 'empty-body' && 'output' in outcome) return send(reply, { ...answer, body: '' });
    if (action?.type !== 'apply-then-reset' && action?.type !== 'apply-then-hang') return send(reply, answer);
    entry.httpStatus = null;
    return action.type === 'apply-then-hang' ? hang(reply) : resetConnection(request, reply);
  };

  app.post('/', async (request, reply) => {
    const raw = typeof request.body === 'string' ? request.body : '';
    const call = read(request, raw);
    const entry = record(request, call, raw);
    const answered = await handle(request, reply, call, entry);
    recorder.ended(call, entry);
    return answered;
  });

  app.setNotFoundHandler((request, reply) => {
    const error = unknownOperation(`${request.method} ${request.url} is not here: AWS calls are POST /.`, 404);
    return send(reply, answerTo({ requestId: request.id } as NewEntry, { error }));
  });

  // Only what Fastify itself refuses comes here, such as a body over the limit.
  app.setErrorHandler((thrown: Error & { statusCode?: number }, request, reply) => {
    const httpStatus = thrown.statusCode ?? 500;
    const type = httpStatus === 413 ? 'RequestEntityTooLargeException' : 'SerializationException';
    const isCall = request.method === 'POST' && request.url === '/';
    const call = read(request, '');
    const entry = isCall ? record(request, call, '') : ({ requestId: request.id } as NewEntry);
    const answer = answerTo(entry, { error: new MigrationHubError(type, thrown.message, httpStatus) });
    if (isCall) recorder.ended(call, entry);
    return send(reply, answer);
  });
}
