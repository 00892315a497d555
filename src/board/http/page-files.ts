import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** Of the files that the build makes. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const INDEX = 'index.html';

/** A route for each file of the page's folder, from memory: no path of a request is looked for on the disk. */
export async function serveFiles(app: FastifyInstance, folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const type = TYPES[extname(name)];
    if (!type) continue;
    const content = await readFile(join(folder, name));
    for (const path of [`/${name}`, ...(name === INDEX ? ['/'] : [])])
      // After an update of the board the browser must not show the page of before.
      app.get(path, (_request, reply) => reply.type(type).header('cache-control', 'no-cache').send(content));
  }
}
