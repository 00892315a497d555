/** The measure for `bench/emulator.ts`: a fastify route that parses the same JSON and answers the same, and does nothing else. */
import { fastify } from 'fastify';

const app = fastify();
app.addContentTypeParser('application/x-amz-json-1.1', { parseAs: 'string' }, (_request, body, done) =>
  done(null, JSON.parse(body as string)),
);
app.post('/', (_request, reply) => reply.header('content-type', 'application/x-amz-json-1.1').send('{}'));
void app.listen({ port: 0, host: '127.0.0.1' }).then((url) => process.stdout.write(`${url}\n`));
