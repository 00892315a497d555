import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { isTaskOf, stableHash, streamWorkflowId } from '../../src/report';

const unit = fc.constantFrom('a', 'Z', '7', ' ', '-', '.', '_', '%', 'é', '語', '😀');
const task = fc.record({
  progressUpdateStream: fc.string({ unit, minLength: 1, maxLength: 50 }),
  migrationTaskName: fc.string({ unit: fc.oneof(unit, fc.constant('/')), minLength: 1, maxLength: 256 }),
});

const bytesOf = (text: string) => Buffer.byteLength(text);

it('the workflow of a task is found by its names, and its id parses back to them', () => {
  expect(heartbeatWorkflowId({ progressUpdateStream: 'DatacenterExit', migrationTaskName: 'vm-1' })).toBe(
    'mgh:DatacenterExit:vm-1',
  );
  fc.assert(
    fc.property(task, (names) => {
      const [prefix, stream, name, ...more] = heartbeatWorkflowId(names).split(':');
      const { progressUpdateStream, migrationTaskName } = names;
      expect([prefix, stream]).toEqual(['mgh', progressUpdateStream]);
      if (bytesOf(`mgh:${progressUpdateStream}:${migrationTaskName}`) <= 255)
        expect([name, more]).toEqual([migrationTaskName, []]);
      else expect([name, more]).toEqual(['sha256', [expect.stringMatching(/^[0-9a-f]{32}$/)]]);
    }),
  );
});

it('the workflow of a task with a long name has an id that every Temporal server takes, and that a shell can make', () => {
  const long = { progressUpdateStream: 'DatacenterExit', migrationTaskName: 'a'.repeat(240) };
  // printf %s aaa… | sha256sum | cut -c1-32
  const id = 'mgh:DatacenterExit:sha256:9b3043905ca79556acb1d2d12f9a4c0b';
  expect(heartbeatWorkflowId(long)).toBe(id);
  const room = 255 - bytesOf('mgh:DatacenterExit:');
  const plain = { ...long, migrationTaskName: 'a'.repeat(room) };
  expect(heartbeatWorkflowId(plain)).toBe(`mgh:DatacenterExit:${'a'.repeat(room)}`);
  expect(heartbeatWorkflowId({ ...long, migrationTaskName: 'a'.repeat(room + 1) })).toContain(':sha256:');
  const longest = { progressUpdateStream: '😀'.repeat(50), migrationTaskName: '😀'.repeat(256) };
  for (const groups of [0, 1, 10_000]) expect(bytesOf(heartbeatWorkflowId(longest, groups))).toBeLessThanOrEqual(255);
  expect(bytesOf(streamWorkflowId(longest.progressUpdateStream))).toBeLessThanOrEqual(255);
});

it('the workflow of a task is that of no other task, but that all long names of a stream may be of one', () => {
  fc.assert(
    fc.property(task, task, fc.integer({ min: 0, max: 3 }), (a, b, groups) => {
      const id = heartbeatWorkflowId(a, groups);
      expect(isTaskOf(id, a)).toBe(true);
      const areLong = [a, b].every((each) => heartbeatWorkflowId(each).includes(':sha256:'));
      const mayBe = areLong && groups === 0 && a.progressUpdateStream === b.progressUpdateStream;
      expect(isTaskOf(id, b)).toBe(mayBe || heartbeatWorkflowId(b, groups) === id);
    }),
  );
});

it('tasks with long names that differ in one character have workflows of their own', () => {
  const ids = ['a', 'b', 'é', '😀'].map((end) =>
    heartbeatWorkflowId({ progressUpdateStream: 'S', migrationTaskName: 'x'.repeat(255) + end }),
  );
  expect(new Set(ids).size).toBe(4);
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
