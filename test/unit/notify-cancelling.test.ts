import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ActivityCancellationDetails, CancelledFailure } from '@temporalio/common';
import { isAbortError } from '@temporalio/common/lib/type-helpers';
import { describe, expect, it, vi } from 'vitest';
import { AT, environment, itemOf, NOTIFY, notification, useEmulator } from './activities';

const { emulator, activities, onClose, sentTo } = useEmulator();
const names = ['vm-0', 'vm-1', 'vm-2', 'vm-3', 'vm-4'];

describe('cancelling', () => {
  /** A Migration Hub that never answers and lets its requests be seen. */
  async function silentHub() {
    const requests: IncomingMessage[] = [];
    const server = createServer((request) => requests.push(request)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onClose(() => {
      server.closeAllConnections();
      server.close();
    });
    return { requests, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  it.each(['notifyTaskStates', 'notifyTaskState', 'dry run'] as const)(
    '%s ends the request at its socket, and the activity ends as cancelled',
    async (which) => {
      const { requests, endpoint } = await silentHub();
      const { notifyTaskStates, notifyTaskState } = activities({ endpoint, requestTimeoutSeconds: 20 });
      const { env } = environment();
      const run = (
        which === 'notifyTaskStates'
          ? env.run(notifyTaskStates, [itemOf('vm-0')])
          : env.run(notifyTaskState, notification('vm-0'), { dryRun: which === 'dry run' })
      ).then(
        () => 'no error',
        (error: unknown) => error,
      );
      await vi.waitFor(() => expect(requests).toHaveLength(1), { timeout: 60_000 });
      const { socket } = requests[0] as IncomingMessage;
      const closed = socket.destroyed ? undefined : once(socket, 'close');
      env.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
      await closed;
      const error = await run;
      expect(error instanceof CancelledFailure || isAbortError(error), String(error)).toBe(true);
    },
  );

  it('a batch ends all requests on their way and starts no further one', async () => {
    const { requests, endpoint } = await silentHub();
    const { notifyTaskStates } = activities({ endpoint, requestTimeoutSeconds: 20 }, 2);
    const { env } = environment();
    const run = env.run(
      notifyTaskStates,
      names.map((name) => itemOf(name)),
    );
    run.catch(() => undefined);
    await vi.waitFor(() => expect(requests).toHaveLength(2), { timeout: 60_000 });
    const closed = requests.map(({ socket }) => once(socket, 'close'));
    env.cancel('NOT_FOUND', new ActivityCancellationDetails({ notFound: true }));
    await Promise.all(closed);
    await expect(run).rejects.toThrow();
    expect(requests).toHaveLength(2);
  });

  it('a batch that a newer report supersedes ends at once where its calls wait for their turns', async () => {
    const { importTasks, notifyTaskStates } = activities({}, 60);
    const all = Array.from({ length: 60 }, (_, i) => `vm-${i}`);
    await importTasks(...all);
    emulator().setFaults([{ match: { operation: NOTIFY }, action: { type: 'slow', ms: 8000 } }]);
    const { env } = environment();
    const run = env.run(
      notifyTaskStates,
      all.map((name) => itemOf(name)),
    );
    // As many as there are connections; ten wait.
    await vi.waitFor(() => expect(sentTo()).toHaveLength(50), { timeout: 60_000 });
    env.cancel('CANCELLED');
    const others = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [50 + i, { notBegun: true }]));
    expect(await run).toEqual({ stampedAt: AT, others });
    expect(sentTo()).toHaveLength(50);
  });

  it('a batch that a newer report supersedes lets its calls end and count, and starts no further one', async () => {
    const { importTasks, notifyTaskStates } = activities({}, 2);
    await importTasks(...names);
    emulator().setFaults([{ match: { operation: NOTIFY }, action: { type: 'slow', ms: 1500 } }]);
    const { env } = environment();
    const run = env.run(
      notifyTaskStates,
      names.map((name) => itemOf(name)),
    );
    await vi.waitFor(() => expect(sentTo()).toHaveLength(2), { timeout: 60_000 });
    env.cancel('CANCELLED');
    const notBegun = { notBegun: true };
    expect(await run).toEqual({ stampedAt: AT, others: { 2: notBegun, 3: notBegun, 4: notBegun } });
    expect(sentTo()).toHaveLength(2);
  });
});
