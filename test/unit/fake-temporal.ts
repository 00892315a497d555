import type { Client } from '@temporalio/client';
import { vi } from 'vitest';
import { SET_GROUPS_SIGNAL, STREAM_WORKFLOW, streamWorkflowId } from '../../src/report';

const notFound = () => Object.assign(new Error('workflow not found'), { name: 'WorkflowNotFoundError' });

interface StartOptions {
  workflowId: string;
  args: [number[]];
}

/** As much of a Temporal server as routing asks for: numbers of groups by stream, and open heartbeat workflows with their tasks. */
export function fakeTemporal(streams: Record<string, number[]> = {}, heartbeats: Record<string, string[]> = {}) {
  const numbers = new Map(Object.entries(streams).map(([stream, each]) => [streamWorkflowId(stream), each]));
  const held = new Map(Object.entries(heartbeats));
  const describe = vi.fn(async (id: string) => {
    const groups = numbers.get(id);
    await Promise.resolve();
    if (!groups && !held.has(id)) throw notFound();
    return { status: { name: 'RUNNING' }, memo: groups && { groups } };
  });
  const query = vi.fn((id: string, name: string) =>
    Promise.resolve(held.get(id)?.includes(name) ? { migrationTaskName: name } : null),
  );
  const start = vi.fn(async (type: string, { workflowId, args: [groups] }: StartOptions) => {
    await Promise.resolve();
    if (type !== STREAM_WORKFLOW) throw new Error(`${type} was started`);
    if (!numbers.has(workflowId)) numbers.set(workflowId, groups);
  });
  const list = vi.fn(async function* ({ query: text }: { query: string }) {
    await Promise.resolve();
    for (const workflowId of held.keys()) {
      const prefixes = [...text.matchAll(/STARTS_WITH '([^']*)'/g)].map(([, prefix]) => prefix as string);
      if (prefixes.some((prefix) => workflowId.startsWith(prefix))) yield { workflowId };
    }
  });
  const signal = vi.fn((id: string, name: string, groups: number) => {
    if (name !== SET_GROUPS_SIGNAL) throw new Error(`${name} was signalled`);
    const before = numbers.get(id) ?? [];
    numbers.set(id, [...before.filter((each) => each !== groups), groups]);
    return Promise.resolve();
  });
  const getHandle = (id: string) => ({
    describe: () => describe(id),
    query: (_query: string, name: string) => query(id, name),
    signal: (name: string, groups: number) => signal(id, name, groups),
  });
  const client = { workflow: { getHandle, start, list } } as unknown as Client;
  return { client, numbers, held, describe, query, start, list, signal };
}
