import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it, vi } from 'vitest';
import { OwnerWatch } from '../../src/activities/owner-watch';

const [NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE] = [5, 7, 14];
/** What a Temporal server answers with, its detail as it comes over the wire. */
const refusal = (code: number, detail = '') =>
  Object.assign(new Error('refused'), {
    code,
    metadata: { get: () => (detail ? [Buffer.from(`\u0008\u0005type.googleapis.com/${detail}`)] : []) },
  });
const NO_NAMESPACE = refusal(NOT_FOUND, 'temporal.api.errordetails.v1.NamespaceNotFoundFailure');
const NO_WORKFLOW = refusal(NOT_FOUND, 'temporal.api.errordetails.v1.NotFoundFailure');

/** What is found of an owner in another namespace, at a server that refuses to list and to describe so. */
function find(list: Error | undefined, describeWith: Error) {
  const listWorkflowExecutions = vi.fn(() => (list ? Promise.reject(list) : Promise.resolve({ executions: [] })));
  const describeWorkflowExecution = vi.fn(() => Promise.reject(describeWith));
  const client = {
    withDeadline: <T>(_end: number, work: () => Promise<T>) => work(),
    // The surroundings of an activity ask for it.
    withAbortSignal: <T>(_signal: AbortSignal, work: () => Promise<T>) => work(),
    workflowService: { listWorkflowExecutions, describeWorkflowExecution },
  } as unknown as Client;
  const logger = new DefaultLogger('WARN', () => undefined);
  const env = new MockActivityEnvironment({}, { client, logger });
  const question = { workflows: [{ workflowId: 'migrate', namespace: 'abroad' }], heartbeat: true };
  return { found: env.run(() => new OwnerWatch([question]).find(question)), listWorkflowExecutions };
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
