import type { Client } from '@temporalio/client';
import { vi } from 'vitest';
import {
  GROUPS_HOLD_AFTER_SECONDS,
  SET_GROUPS_SIGNAL,
  STREAM_WORKFLOW,
  streamWorkflowId,
  type GroupNumbers,
} from '../../src/report';

const notFound = () => Object.assign(new Error('workflow not found'), { name: 'WorkflowNotFoundError' });

interface StartOptions {
  workflowId: string;
  args: [GroupNumbers];
}

/** As much of a Temporal server as routing asks for: numbers of groups by stream, and open heartbeat workflows with their tasks. */
export function fakeTemporal(streams: Record<string, number[]> = {}, heartbeats: Record<string, string[]> = {}) {
  /** Heartbeat workflows that have ended: they still answer. */
  const ended = new Set<string>();
  const numbers = new Map(Object.entries(streams).map(([stream, each]) => [streamWorkflowId(stream), each]));
  /** From when on the newest number of a stream holds. */
  const since = new Map<string, number>();
  const held = new Map(Object.entries(heartbeats));
  const describe = vi.fn(async (id: string) => {
    const groups = numbers.get(id);
    await Promise.resolve();
    if (!groups && !held.has(id)) throw notFound();
    return {
      status: { name: ended.has(id) ? 'COMPLETED' : 'RUNNING' },
      memo: groups && { groups, since: since.get(id) ?? 0 },
    };
  });
  const query = vi.fn(async (id: string, name: string) => {
    await Promise.resolve();
    if (!held.has(id)) throw notFound();
    const reporters = { run: { accepted: 1, delivered: 1 } };
    return held.get(id)?.includes(name) ? { migrationTaskName: name, reporters, counters: { reports: 1 } } : null;
  });
  const start = vi.fn(async (type: string, { workflowId, args: [{ groups, since: from }] }: StartOptions) => {
    await Promise.resolve();
    if (type !== STREAM_WORKFLOW) throw new Error(`${type} was started`);
    if (numbers.has(workflowId)) return;
    numbers.set(workflowId, groups);
    since.set(workflowId, from);
  });
  const list = vi.fn(async function* ({ query: text }: { query: string }) {
    await Promise.resolve();
    for (const workflowId of held.keys()) {
      if (ended.has(workflowId) && text.includes(`ExecutionStatus = 'Running'`)) continue;
      const prefixes = [...text.matchAll(/STARTS_WITH '([^']*)'/g)].map(([, prefix]) => prefix as string);
      if (prefixes.some((prefix) => workflowId.startsWith(prefix)))
        yield { workflowId, runId: `${workflowId} 1`, startTime: new Date(0), status: { name: 'RUNNING' } };
    }
  });
  const signal = vi.fn((id: string, name: string, groups: number) => {
    if (name !== SET_GROUPS_SIGNAL) throw new Error(`${name} was signalled`);
    const before = numbers.get(id) ?? [];
    numbers.set(id, [...before.filter((each) => each !== groups), groups]);
    since.set(id, Date.now() / 1000 + GROUPS_HOLD_AFTER_SECONDS);
    return Promise.resolve();
  });
  const getHandle = (id: string) => ({
    describe: () => describe(id),
    query: (_query: string, name: string) => query(id, name),
    signal: (name: string, groups: number) => signal(id, name, groups),
  });
  const withAbortSignal = <T>(_signal: AbortSignal, work: () => Promise<T>) => work();
  // The environment of an activity asks for it.
  const client = { workflow: { getHandle, start, list }, withAbortSignal } as unknown as Client;
  return { client, numbers, held, ended, describe, query, start, list, signal };
}
