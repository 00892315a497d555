import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Call, readCall } from '../calls/call';
import { accountOf, scopeOf } from '../calls/credential-scope';
import { isDryRun, modelled } from '../calls/model';
import { type Caller, MEDIA_TYPE, perform } from '../calls/perform';
import { type Answer, hang, resetConnection, truncate } from '../faults/connection-faults';
import { faultError, faultPage } from '../faults/fault-answers';
import type { FaultSubject } from '../faults/fault-rules';
import type { Fault } from '../faults/types';
import { MigrationHubError, unknownOperation } from '../hub/errors';
import type { CallRecorder } from '../journal/call-recorder';
import type { Journal, NewEntry } from '../journal/journal';
import { checkSignature, type SignatureCheck } from './signatures';

/** What the AWS route works with. */
export interface AwsRouteParts extends Omit<Caller, 'accountId' | 'region'> {
  /** The fault that hits a call; undefined when none does. */
  faultFor: (subject: FaultSubject) => Fault | undefined;
  /** The journal of requests. */
  journal: Journal;
  /** The state file and the metrics. */
  recorder: CallRecorder;
  /** Which signatures calls must have. */
  signatures: SignatureCheck;
  /** Runs what must happen at one time, by one reading of the clock. */
  atOneTime: <T>(work: () => T) => T;
  /** Brings the clock up to date; `now` does not wait for it. */
  readTime: () => Promise<void>;
}

/** The errors of requests that Fastify refuses, by HTTP status. */
const REFUSALS: Record<number, string> = { 413: 'RequestEntityTooLargeException', 500: 'InternalServerError' };

type Outcome = { output: object } | { error: MigrationHubError };

async function outcomeOf(work: () => Promise<object>): Promise<Outcome> {
  try {
    return { output: await work() };
  } catch (error) {
    if (error instanceof MigrationHubError) return { error };
    return { error: new MigrationHubError('InternalServerError', `The emulator failed: ${String(error)}`, 500) };
  }
}

/** The answer to an outcome. Its status and error go into the journal entry. */
function answerTo(entry: NewEntry, outcome: Outcome): Answer {
  const error = 'error' in outcome ? outcome.error : undefined;
  entry.httpStatus = error?.httpStatus ?? 200;
  entry.error = error?.type ?? null;
  return {
    httpStatus: entry.httpStatus,
    headers: {
      'x-amzn-requestid': entry.requestId,
      'content-type': MEDIA_TYPE,
      ...error?.headers,
    },
    body: 'output' in outcome ? JSON.stringify(outcome.output) : outcome.error.body(),
  };
}

const send = (reply: FastifyReply, { httpStatus, headers, body }: Answer) =>
  // A buffer: to the content type of a string Fastify would add a charset, which the protocol does not have.
  reply.code(httpStatus).headers(headers).send(Buffer.from(body));

const bodyOf = ({ body }: FastifyRequest) => (typeof body === 'string' ? body : '');

function isDry({ service, operation, input = {} }: Call): boolean {
  const shape = modelled(service, operation ?? '');
  return shape !== undefined && isDryRun(shape, input);
}

/** Answers AWS calls: applies faults, checks signatures, carries calls out, and records them. */
class AwsRoute {
  constructor(private readonly parts: AwsRouteParts) {}

  read(request: FastifyRequest, raw: string): Call {
    return readCall(request.headers['x-amz-target']?.toString(), request.headers['content-type'], raw);
  }

  async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const raw = bodyOf(request);
    const call = this.read(request, raw);
    const entry = this.record(request, call, raw);
    const answered = await this.answer(request, reply, call, entry);
    this.parts.recorder.ended(call, entry);
    return answered;
  }

  /** Answers a request that Fastify refused, such as one with a body above the limit. */
  refuse(thrown: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const httpStatus = thrown.statusCode ?? 500;
    const type = REFUSALS[httpStatus] ?? 'SerializationException';
    const isCall = request.method === 'POST' && request.url === '/';
    const call = this.read(request, '');
    const entry = isCall ? this.record(request, call, '') : ({ requestId: request.id } as NewEntry);
    const answer = answerTo(entry, { error: new MigrationHubError(type, thrown.message, httpStatus) });
    if (isCall) this.parts.recorder.ended(call, entry);
    return send(reply, answer);
  }

  private record(request: FastifyRequest, call: Call, raw: string): NewEntry {
    const { journal, now } = this.parts;
    const { operation, progressUpdateStream, migrationTaskName } = call;
    const open = { httpStatus: null, error: null, fault: null };
    const requestId = request.id;
    return journal.add({ at: now(), operation, progressUpdateStream, migrationTaskName, ...open, requestId }, raw);
  }

  private async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    call: Call,
    entry: NewEntry,
  ): Promise<FastifyReply> {
    const fault = this.parts.faultFor(call);
    const action = fault?.action;
    entry.fault = fault?.name ?? null;
    const error = action && faultError(action, isDry(call));
    if (error) return send(reply, answerTo(entry, { error }));
    const page = action && faultPage(action);
    if (page) {
      entry.httpStatus = page.httpStatus;
      return send(reply, page);
    }
    if (action?.type === 'hang') return hang(reply);
    if (action?.type === 'reset') return resetConnection(request, reply);
    const outcome = await this.carryOut(request, call, action?.type === 'slow' ? action.ms : 0);
    const answer = answerTo(entry, outcome);
    if (answer.body === '{}' && this.parts.switches.successBody === 'nothing') answer.body = '';
    if (action?.type === 'truncate') return truncate(reply, answer);
    if (action?.type === 'empty-body' && 'output' in outcome) return send(reply, { ...answer, body: '' });
    if (action?.type !== 'apply-then-reset' && action?.type !== 'apply-then-hang') return send(reply, answer);
    entry.httpStatus = null;
    return action.type === 'apply-then-hang' ? hang(reply) : resetConnection(request, reply);
  }

  private carryOut(request: FastifyRequest, call: Call, afterMs: number): Promise<Outcome> {
    const { recorder, signatures, accounts, switches, now, readTime, atOneTime } = this.parts;
    return outcomeOf(async () => {
      if (afterMs > 0) {
        await delay(afterMs, undefined, { ref: false });
        await readTime();
      }
      const { headers } = request;
      const scope = scopeOf(headers.authorization);
      await checkSignature(signatures, { headers, body: bodyOf(request) });
      const caller = { accounts, switches, now, accountId: accountOf(scope), region: scope?.region };
      const output = atOneTime(() => {
        const recordApplied = recorder.begin(call, scope);
        const performed = perform(caller, call);
        recordApplied();
        return performed;
      });
      await recorder.durable();
      return output;
    });
  }
}

/** What those get who ask whether the emulator is there; it is no AWS call. */
const GREETING = { service: 'AWS Migration Hub emulator', health: '/_mgh/health' };

/**
 * Adds `POST /`, where all AWS calls go, `GET` and `HEAD /` for those who wait for the emulator, and the answers to
 * requests that are no AWS calls.
 */
export function addAwsRoute(app: FastifyInstance, parts: AwsRouteParts): void {
  const route = new AwsRoute(parts);
  app.post('/', (request, reply) => route.handle(request, reply));
  app.get('/', () => GREETING);
  app.setNotFoundHandler((request, reply) => {
    const error = unknownOperation(`${request.method} ${request.url} is not here: AWS calls are POST /.`, 404);
    return send(reply, answerTo({ requestId: request.id } as NewEntry, { error }));
  });
  app.setErrorHandler((thrown: Error & { statusCode?: number }, request, reply) =>
    route.refuse(thrown, request, reply),
  );
}
