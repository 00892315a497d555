import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startEmulator } from '../../src/emulator';
import { createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';

/** Node tells it of each socket of a client, when that begins to connect. */
const SOCKET_BEGINS = 'net.client.socket';

it('a process that stood still while a connection was made does not send the request that waited for it', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  onTestFinished(() => void vi.unstubAllEnvs());
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint: emulator.url, connectionTimeoutSeconds: 0.5 });
  onTestFinished(() => hub.destroy());
  let stands = 0;
  const standStill = () => {
    if (stands++ === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
  };
  subscribe(SOCKET_BEGINS, standStill);
  onTestFinished(() => void unsubscribe(SOCKET_BEGINS, standStill));
  const stream = 'DatacenterExit';
  const create = () => hub.createProgressUpdateStream(stream);
  await expect(create()).rejects.toMatchObject({ failure: { type: 'NetworkError', retry: 'backoff' } });
  expect(emulator.requests()).toEqual([]);
  await create();
  expect(emulator.requests()).toHaveLength(1);
  expect(stands).toBe(2);
});
