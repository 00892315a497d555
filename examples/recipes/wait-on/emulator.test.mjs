import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import waitOn from 'wait-on';

/** A port that is free now, as Testcontainers maps one. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the emulator, waits until `resource` answers, and stops it after `work`. */
async function withEmulator(resourceAt, work) {
  const port = await freePort();
  const command = 'node_modules/.bin/temporal-migration-hub';
  const emulator = spawn(command, ['emulator', '--port', String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(emulator, 'exit');
  try {
    const started = waitOn({ resources: [resourceAt(port)], timeout: 60_000 });
    await Promise.race([started, ended.then(([code]) => assert.fail(`the emulator ended with code ${code}`))]);
    await work(`http://127.0.0.1:${port}`);
  } finally {
    emulator.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  }
}

for (const [how, resourceAt] of Object.entries({
  'HEAD /': (port) => `http://127.0.0.1:${port}/`,
  'GET /': (port) => `http-get://127.0.0.1:${port}/`,
  'HEAD /_mgh/health': (port) => `http://127.0.0.1:${port}/_mgh/health`,
  'GET /_mgh/health': (port) => `http-get://127.0.0.1:${port}/_mgh/health`,
  'a connection': (port) => `tcp:127.0.0.1:${port}`,
}))
  test(`the emulator takes calls as soon as ${how} is answered`, () =>
    withEmulator(resourceAt, async (url) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSMigrationHub.ListMigrationTasks',
      };
      const response = await fetch(url, { method: 'POST', headers, body: '{}' });
      assert.deepEqual([response.status, await response.json()], [200, { MigrationTaskSummaryList: [] }]);
    }));
