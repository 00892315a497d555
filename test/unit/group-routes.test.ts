import { afterEach, describe, expect, it, vi } from 'vitest';
import { GroupRoutes } from '../../src/client/group-routes';
import { groupsSetting, type GroupsOption } from '../../src/client/settings';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { GROUPS_HOLD_AFTER_SECONDS } from '../../src/report';
import { fakeTemporal } from './fake-temporal';

afterEach(() => void vi.useRealTimers());

const clientRoutes = (groups?: GroupsOption) => new GroupRoutes(groupsSetting(groups), false);
const workerRoutes = (groups?: GroupsOption) => new GroupRoutes(groupsSetting(groups), true);
const task = (migrationTaskName = 'vm-1') => ({ progressUpdateStream: 'S', migrationTaskName });
const idOf = (groups: number, name?: string) => heartbeatWorkflowId(task(name), groups);

describe('a stream that has no tasks yet', () => {
  it.each([
    [undefined, 0],
    [0, 0],
    [4, 4],
    [{ S: 3, T: 5 }, 3],
    [{ T: 5 }, 0],
  ])('with groups %o gets %d', async (groups, expected) => {
    const temporal = fakeTemporal();
    expect(await clientRoutes(groups).workflowIdOf(temporal.client, task())).toBe(idOf(expected));
    expect(temporal.numbers.get('mgh-stream:S')).toEqual([expected]);
  });

  it('gets one number, of whoever came first, though several with different numbers report at once', async () => {
    const temporal = fakeTemporal();
    const routes = [clientRoutes(2), clientRoutes(5), clientRoutes(), clientRoutes(7)];
    const ids = await Promise.all(routes.map((each) => each.workflowIdOf(temporal.client, task())));
    expect(new Set(ids)).toEqual(new Set([idOf(2)]));
  });

  it('but whose heartbeat workflows are open (its own workflow was terminated) keeps their numbers', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const temporal = fakeTemporal({}, { [idOf(3)]: ['vm-1'], 'mgh:S:vm-9': ['vm-9'], 'mgh-group:other:8:0': [] });
    const routes = clientRoutes(2);
    expect(await routes.workflowIdOf(temporal.client, task())).toBe(idOf(3));
    expect(await routes.workflowIdOf(temporal.client, task('vm-9'))).toBe('mgh:S:vm-9');
    // Others may still go by what they read before.
    expect(await routes.workflowIdOf(temporal.client, task('new'))).toBe(idOf(3, 'new'));
    vi.setSystemTime(Date.now() + 1000 * GROUPS_HOLD_AFTER_SECONDS + 1000);
    expect(await routes.workflowIdOf(temporal.client, task('new'))).toBe(idOf(2, 'new'));
  });

  it('but had some (its own workflow was terminated with its heartbeat workflows) is read where these were', async () => {
    const temporal = fakeTemporal({ S: [0, 3] }, { [idOf(3)]: ['vm-1'], 'mgh:S:vm-9': ['vm-9'] });
    for (const id of ['mgh-stream:S', idOf(3), 'mgh:S:vm-9']) temporal.ended.add(id);
    expect(await clientRoutes().candidates(temporal.client, task())).toEqual([idOf(3), idOf(0)]);
    // The Retention Period of its own workflow is over.
    temporal.numbers.delete('mgh-stream:S');
    expect(await clientRoutes().candidates(temporal.client, task())).toEqual([idOf(3), idOf(0)]);
    expect(await clientRoutes().candidates(temporal.client, task('vm-9'))).toContain('mgh:S:vm-9');
    expect(temporal.start).not.toHaveBeenCalled();
  });

  it('is not made by who only reads', async () => {
    const temporal = fakeTemporal();
    expect(await clientRoutes(4).candidates(temporal.client, task())).toEqual([idOf(4)]);
    expect(temporal.start).not.toHaveBeenCalled();
  });
});

describe('a stream that has a number of groups', () => {
  it.each([undefined, 0, 9])('keeps it, whatever a client (%s) or a worker without a number says', async (groups) => {
    const temporal = fakeTemporal({ S: [4] });
    expect(await clientRoutes(groups).workflowIdOf(temporal.client, task())).toBe(idOf(4));
    expect(await workerRoutes().workflowIdOf(temporal.client, task())).toBe(idOf(4));
    expect(temporal.signal).not.toHaveBeenCalled();
  });

  it('has another once a worker that is set to it was reported to and all have had the time to read it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const temporal = fakeTemporal({ S: [4] });
    const [worker, client] = [workerRoutes(6), clientRoutes(4)];
    const routes = () => Promise.all([worker, client].map((each) => each.workflowIdOf(temporal.client, task())));
    expect(await routes()).toEqual([idOf(4), idOf(4)]);
    // The worker has set it, and the client has read it before.
    expect(temporal.numbers.get('mgh-stream:S')).toEqual([4, 6]);
    const fresh = [workerRoutes(6), clientRoutes(4)];
    const freshRoutes = () => Promise.all(fresh.map((each) => each.workflowIdOf(temporal.client, task())));
    expect(await freshRoutes()).toEqual([idOf(4), idOf(4)]);
    vi.setSystemTime(Date.now() + 1000 * GROUPS_HOLD_AFTER_SECONDS);
    expect(await freshRoutes()).toEqual([idOf(6), idOf(6)]);
  });

  it('is set once by each worker, so that two with different numbers do not set it in turn', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const temporal = fakeTemporal({ S: [4] });
    const workers = [workerRoutes(6), workerRoutes(8)];
    for (let minute = 0; minute < 5; minute++) {
      for (const each of workers) await each.workflowIdOf(temporal.client, task());
      vi.advanceTimersByTime(60_000);
    }
    expect(temporal.signal).toHaveBeenCalledTimes(2);
    expect(await clientRoutes().workflowIdOf(temporal.client, task())).toBe(idOf(8));
  });

  it('keeps a task where an open heartbeat workflow of an earlier number holds it, until that has ended', async () => {
    const temporal = fakeTemporal({ S: [0, 3, 6] }, { [idOf(3)]: ['vm-1'], 'mgh:S:vm-2': ['vm-2'] });
    const route = (name: string) => clientRoutes().workflowIdOf(temporal.client, task(name));
    expect(await route('vm-1')).toBe(idOf(3));
    expect(await route('vm-2')).toBe('mgh:S:vm-2');
    expect(await route('vm-3')).toBe(idOf(6, 'vm-3'));
    temporal.held.clear();
    expect(await route('vm-1')).toBe(idOf(6));
    expect(await route('vm-2')).toBe(idOf(6, 'vm-2'));
  });

  it.each([
    ['waits to be attached something to stays', 'pending', 3],
    ['has been, and is known by nothing else, does not stay', 'associated', 6],
    ['was refused by a full group does not stay', 'refused', 6],
  ] as const)('a task of an earlier number that nobody has reported and that %s', async (_what, state, groups) => {
    const temporal = fakeTemporal({ S: [3, 6] }, { [idOf(3)]: ['vm-1'] });
    const attachments = [{ kind: 'createdArtifact', name: 'arn:aws:ec2:us-west-2::image/ami-1', state }];
    const view = { migrationTaskName: 'vm-1', reporters: {}, counters: { reports: 0 }, attachments };
    temporal.query.mockResolvedValue(view as never);
    expect(await clientRoutes().workflowIdOf(temporal.client, task())).toBe(idOf(groups));
  });

  it.each([
    ['with details', 'NamespaceNotFoundError', "Namespace not found: 'nowhere'"],
    ['without', 'WorkflowNotFoundError', 'Namespace nowhere is not found.'],
  ])('is not taken for new where its namespace is not found, said %s', async (_how, name, message) => {
    const temporal = fakeTemporal();
    temporal.describe.mockRejectedValue(Object.assign(new Error(message), { name }));
    await expect(clientRoutes().candidates(temporal.client, task())).rejects.toThrow(message);
    await expect(clientRoutes().workflowIdOf(temporal.client, task())).rejects.toThrow(message);
    expect(temporal.start).not.toHaveBeenCalled();
  });

  it('is read at all its numbers, the newest first', async () => {
    const temporal = fakeTemporal({ S: [0, 3, 6] });
    expect(await clientRoutes().candidates(temporal.client, task())).toEqual([idOf(6), idOf(3), idOf(0)]);
  });
});

describe('routing costs', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `vm-${i}`);

  it('one read for a burst of reports of a stream, and no list', async () => {
    const temporal = fakeTemporal({ S: [4] });
    const routes = workerRoutes();
    await Promise.all(names.map((name) => routes.workflowIdOf(temporal.client, task(name))));
    expect(temporal.describe).toHaveBeenCalledTimes(1);
    expect(temporal.list).not.toHaveBeenCalled();
    expect(temporal.query).not.toHaveBeenCalled();
  });

  it('one question for each task while a shared group of an earlier number is open', async () => {
    const temporal = fakeTemporal({ S: [1, 4] }, { 'mgh-group:S:1:0': names.slice(0, 500) });
    const routes = workerRoutes();
    for (let times = 0; times < 3; times++) {
      const ids = await Promise.all(names.map((name) => routes.workflowIdOf(temporal.client, task(name))));
      expect(ids.filter((id) => id === 'mgh-group:S:1:0')).toHaveLength(500);
    }
    expect(temporal.query).toHaveBeenCalledTimes(1000);
    expect(temporal.describe).toHaveBeenCalledTimes(2);
  });

  it('no more than before where a question failed: it is asked again', async () => {
    const temporal = fakeTemporal({ S: [4] });
    temporal.describe.mockRejectedValueOnce(new Error('unavailable'));
    const routes = workerRoutes();
    await expect(routes.workflowIdOf(temporal.client, task())).rejects.toThrow('unavailable');
    expect(await routes.workflowIdOf(temporal.client, task())).toBe(idOf(4));
  });
});
