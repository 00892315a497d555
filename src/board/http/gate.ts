import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from './access';
import type { HostNames } from './host-names';

const METHODS = ['GET', 'HEAD'];

/** What refuses a request: status, what to say, and headers. */
interface Refusal {
  code: number;
  error: string;
  headers?: Record<string, string>;
}

function refusalOf(
  { method, headers, routeOptions }: FastifyRequest,
  hosts: HostNames,
  access: Access,
): Refusal | undefined {
  if (!hosts.accepts(headers.host))
    return { code: 421, error: `this board answers to ${hosts}: name another host with --allow-host` };
  if (!METHODS.includes(method))
    return { code: 405, error: 'the board is read-only: GET and HEAD', headers: { allow: METHODS.join(', ') } };
  // By the route that was found: the path of a request may be written in many ways. The page and its files tell nothing of tasks.
  if (routeOptions.url?.startsWith('/api/') && !access.isAllowed(headers))
    return { code: 401, error: 'the token is missing or wrong', headers: { 'www-authenticate': 'Bearer' } };
  return undefined;
}

/** The hook that each request passes first. */
export const gate =
  (hosts: HostNames, access: Access) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const refusal = refusalOf(request, hosts, access);
    if (!refusal) return undefined;
    const { code, error, headers = {} } = refusal;
    return reply.code(code).headers(headers).send({ error });
  };
