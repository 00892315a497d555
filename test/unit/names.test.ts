import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { stableHash, streamWorkflowId } from '../../src/report';

const unit = fc.constantFrom('a', 'Z', '7', ' ', '-', '.', '_', '%', 'é', '語', '😀');
const task = fc.record({
  progressUpdateStream: fc.string({ unit, minLength: 1, maxLength: 50 }),
  migrationTaskName: fc.string({ unit: fc.oneof(unit, fc.constant('/')), minLength: 1, maxLength: 256 }),
});

it('the workflow of a task is found by its names, and its id parses back to them', () => {
  expect(heartbeatWorkflowId({ progressUpdateStream: 'DatacenterExit', migrationTaskName: 'vm-1' })).toBe(
    'mgh:DatacenterExit:vm-1',
  );
  fc.assert(
    fc.property(task, (names) => {
      const [prefix, stream, name, ...more] = heartbeatWorkflowId(names).split(':');
      expect([prefix, stream, name, more]).toEqual(['mgh', names.progressUpdateStream, names.migrationTaskName, []]);
    }),
  );
});

it('the workflow of a shared group names stream, number of groups and group, and is no task of its own', () => {
  fc.assert(
    fc.property(task, fc.integer({ min: 1, max: 1000 }), (names, groups) => {
      const parts = heartbeatWorkflowId(names, groups).split(':');
      expect(parts).toHaveLength(4);
      const [prefix, stream, count, group] = parts;
      expect([prefix, stream, count]).toEqual(['mgh-group', names.progressUpdateStream, String(groups)]);
      expect(group).toMatch(/^\d+$/);
      expect(Number(group)).toBeLessThan(groups);
    }),
  );
});

it('the workflow that holds the number of groups of a stream is none of its heartbeat workflows', () => {
  fc.assert(
    fc.property(task, fc.integer({ min: 0, max: 1000 }), (names, groups) => {
      const id = streamWorkflowId(names.progressUpdateStream);
      expect(id).toBe(`mgh-stream:${names.progressUpdateStream}`);
      expect(heartbeatWorkflowId(names, groups)).not.toBe(id);
    }),
  );
});

it('two tasks never share a workflow without groups', () => {
  fc.assert(
    fc.property(task, task, (a, b) => {
      const same = a.progressUpdateStream === b.progressUpdateStream && a.migrationTaskName === b.migrationTaskName;
      expect(heartbeatWorkflowId(a) === heartbeatWorkflowId(b)).toBe(same);
    }),
  );
});

it.each([
  ['', 447753804],
  ['vm-1', 828899144],
  ['vm-2', 1803261785],
  ['server.example.com', 349374746],
  ['語😀', 817053352],
])('the group of %j stays the same in every version', (text, hash) => {
  expect(stableHash(text)).toBe(hash);
});

it('the hash is an unsigned 32-bit integer for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const hash = stableHash(text);
      expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true);
    }),
  );
});

it.each([
  [2, (i: number) => `vm-${i}`],
  [10, (i: number) => `vm-${i}`],
  [16, (i: number) => `server-${String(i).padStart(5, '0')}.dc1.example.com`],
  [64, (i: number) => `10.0.${i >> 8}.${i & 255}`],
])('10,000 servers with neighbouring names spread evenly over %i groups', (groups, nameOf) => {
  const sizes = new Map<string, number>();
  for (let i = 0; i < 10_000; i++) {
    const id = heartbeatWorkflowId({ progressUpdateStream: 'S', migrationTaskName: nameOf(i) }, groups);
    sizes.set(id, (sizes.get(id) ?? 0) + 1);
  }
  const even = 10_000 / groups;
  expect(sizes.size).toBe(groups);
  for (const size of sizes.values()) {
    expect(size).toBeGreaterThan(even * 0.6);
    expect(size).toBeLessThan(even * 1.4);
  }
});
