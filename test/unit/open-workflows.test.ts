import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it, vi } from 'vitest';
import { OwnerWatch } from '../../src/activities/owner-watch';
import type { Owner, OwnersFound } from '../../src/task-state';

const [NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE] = [5, 7, 14];
/** What a Temporal server answers with, its detail as it comes over the wire. */
const refusal = (code: number, detail = '') =>
  Object.assign(new Error('refused'), {
    code,
    metadata: { get: () => (detail ? [Buffer.from(`\u0008\u0005type.googleapis.com/${detail}`)] : []) },
  });
const NO_NAMESPACE = refusal(NOT_FOUND, 'temporal.api.errordetails.v1.NamespaceNotFoundFailure');
const NO_WORKFLOW = refusal(NOT_FOUND, 'temporal.api.errordetails.v1.NotFoundFailure');

/** What is found of an owner at a server that answers so. */
function findAt(workflowService: object, owner: Owner) {
  const client = {
    withDeadline: <T>(_end: number, work: () => Promise<T>) => work(),
    // The surroundings of an activity ask for it.
    withAbortSignal: <T>(_signal: AbortSignal, work: () => Promise<T>) => work(),
    workflowService,
    options: { namespace: 'default' },
  } as unknown as Client;
  const logger = new DefaultLogger('WARN', () => undefined);
  const env = new MockActivityEnvironment({}, { client, logger });
  const question = { workflows: [owner], heartbeat: true };
  return env.run(() => new OwnerWatch([question]).find(question));
}

/** What is found of an owner in another namespace, at a server that refuses to list and to describe so. */
function find(list: Error | undefined, describeWith: Error) {
  const listWorkflowExecutions = vi.fn(() => (list ? Promise.reject(list) : Promise.resolve({ executions: [] })));
  const describeWorkflowExecution = vi.fn(() => Promise.reject(describeWith));
  const found = findAt(
    { listWorkflowExecutions, describeWorkflowExecution },
    { workflowId: 'migrate', namespace: 'abroad' },
  );
  return { found, listWorkflowExecutions };
}

describe('an owner in another namespace', () => {
  it.each([
    ['that may not be read', refusal(PERMISSION_DENIED), refusal(PERMISSION_DENIED)],
    ['in which only lists are allowed', undefined, refusal(PERMISSION_DENIED)],
    ['that does not exist, of a server that lists nothing', refusal(PERMISSION_DENIED), NO_NAMESPACE],
    ['that does not exist', NO_NAMESPACE, NO_NAMESPACE],
    ['of a server that is away', refusal(UNAVAILABLE), refusal(UNAVAILABLE)],
  ])('%s counts as open', async (_what, list, describeWith) => {
    const { found, listWorkflowExecutions } = find(list, describeWith);
    expect(await found).toEqual({});
    expect(listWorkflowExecutions).toHaveBeenCalledWith(expect.objectContaining({ namespace: 'abroad' }));
  });

  it('that is not known there has ended', async () => {
    expect(await find(undefined, NO_WORKFLOW).found).toEqual({ ownerEnd: 'NOT_FOUND' });
  });
});

describe('an owner whose type is known', () => {
  const [RUNNING, COMPLETED, FAILED, TERMINATED, CONTINUED_AS_NEW] = [1, 2, 3, 5, 6];
  type Run = [type: string, status: number | undefined, root?: string];
  interface Asked {
    execution: { workflowId: string; runId?: string };
  }
  const OWNER: Owner = { workflowId: 'vm-1', workflowType: 'migrate' };

  /** A server with these runs of the owner's id, the newest last; `lists`: what it says of lists beside that of the open ones. */
  function serverWith(runs: Run[], lists?: Error) {
    const infos = runs.map(([name, status, root], i) => ({
      execution: { workflowId: 'vm-1', runId: `run ${i}` },
      type: { name },
      status,
      ...(root && { rootExecution: { workflowId: root } }),
    }));
    return {
      describeWorkflowExecution: ({ execution: { runId } }: Asked) =>
        Promise.resolve({
          workflowExecutionInfo: infos.findLast(({ execution }) => runId === undefined || execution.runId === runId),
        }),
      listWorkflowExecutions: ({ query }: { query: string }) => {
        const [, type] = /^WorkflowId = 'vm-1' AND WorkflowType = '(.*)'$/.exec(query) ?? [];
        if (type !== undefined && lists) return Promise.reject(lists);
        const isAsked = (info: (typeof infos)[number]) =>
          type === undefined ? info.status === RUNNING : info.type.name === type;
        return Promise.resolve({ executions: infos.filter(isAsked).reverse() });
      },
    };
  }

  it.each<[string, Run[], OwnersFound]>([
    [
      'is gone where it was terminated, and a workflow of another type is open under its id',
      [
        ['migrate', TERMINATED],
        ['other', RUNNING],
      ],
      { ownerEnd: 'TERMINATED' },
    ],
    [
      'has ended as it did, not as a workflow of another type that came after it',
      [
        ['migrate', FAILED],
        ['other', COMPLETED],
      ],
      { ownerEnd: 'FAILED' },
    ],
    [
      'has ended as the newest run of its type did',
      [
        ['migrate', FAILED],
        ['migrate', COMPLETED],
        ['other', RUNNING],
      ],
      { ownerEnd: 'COMPLETED' },
    ],
    [
      'is open where the same type was started again under its id',
      [
        ['migrate', TERMINATED],
        ['migrate', RUNNING],
      ],
      {},
    ],
    [
      'is open where it continued as new under another type',
      [
        ['migrate', CONTINUED_AS_NEW],
        ['cutOver', RUNNING],
      ],
      {},
    ],
    [
      'has ended as what it continued as',
      [
        ['migrate', CONTINUED_AS_NEW],
        ['cutOver', TERMINATED],
      ],
      { ownerEnd: 'TERMINATED' },
    ],
    ['is gone where Temporal has forgotten its runs', [['other', RUNNING]], { ownerEnd: 'NOT_FOUND' }],
  ])('%s', async (_what, runs, found) => {
    expect(await findAt(serverWith(runs), OWNER)).toEqual(found);
  });

  it('that is gone still tells who started it: while that is open the task is alive', async () => {
    const server = serverWith([
      ['migrate', TERMINATED, 'wave'],
      ['other', RUNNING],
    ]);
    const wave = { execution: { workflowId: 'wave' }, type: { name: 'wave' }, status: RUNNING };
    const describeWorkflowExecution = (asked: Asked) =>
      asked.execution.workflowId === 'wave'
        ? Promise.resolve({ workflowExecutionInfo: wave })
        : server.describeWorkflowExecution(asked);
    expect(await findAt({ ...server, describeWorkflowExecution }, OWNER)).toEqual({
      owners: [
        { workflowId: 'wave', workflowType: 'wave' },
        { ...OWNER, root: 'wave' },
      ],
    });
  });

  it.each<[string, Error, OwnersFound]>([
    ['is not known any more where a server has no such lists', refusal(PERMISSION_DENIED), { ownerEnd: 'NOT_FOUND' }],
    ['counts as open where the server does not answer', refusal(UNAVAILABLE), {}],
  ])('and whose id a workflow of another type has %s', async (_what, lists, found) => {
    const server = serverWith(
      [
        ['migrate', TERMINATED],
        ['other', RUNNING],
      ],
      lists,
    );
    expect(await findAt(server, OWNER)).toEqual(found);
  });

  it.each(["it's", '"quoted"', 'a\\b'])(
    'and cannot be asked for by a query (%s) is not known any more',
    async (type) => {
      const server = serverWith([
        [type, TERMINATED],
        ['other', RUNNING],
      ]);
      expect(await findAt(server, { ...OWNER, workflowType: type })).toEqual({ ownerEnd: 'NOT_FOUND' });
    },
  );

  it('of which the type is not known is whatever is open under its id', async () => {
    const server = serverWith([
      ['migrate', TERMINATED],
      ['other', RUNNING],
    ]);
    expect(await findAt(server, { workflowId: 'vm-1' })).toEqual({});
  });
});
