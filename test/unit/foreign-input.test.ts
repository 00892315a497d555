import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPORT_FIELDS, OWNER_FIELDS } from '../../src/report/fields';
import {
  fitPayload,
  fitsPayload,
  receive,
  receiveChange,
  TaskGroup,
  usableInput,
  usableSettings,
} from '../../src/task-state';
import { START } from './group-steps';
import { failure, reportOf } from './tasks';

const GROUP = 'mgh-group:S:1:0';
const groupOf = (tasks?: never[]) => new TaskGroup(usableSettings({}), 0, tasks);

const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, '', 'x'.repeat(5000), '\u0000', '__proto__', -1, 0, 1e308, 2 ** 53, [], {}, true),
);
const field = fc.constantFrom(...Object.keys(REPORT_FIELDS));
const ownerField = fc.constantFrom(...Object.keys(OWNER_FIELDS));
/** A report of another task than vm-1, with some of its fields replaced. */
const damaged = fc
  .record({
    sequence: fc.integer({ min: 1, max: 9 }),
    status: fc.constantFrom('IN_PROGRESS' as const, 'COMPLETED' as const),
    fields: fc.dictionary(field, strange, { maxKeys: 2 }),
    owner: fc.dictionary(ownerField, strange, { maxKeys: 2 }),
  })
  .map(({ sequence, status, fields, owner }) => {
    const { owner: whole, ...report } = reportOf(sequence, { status, migrationTaskName: 'vm-2' });
    return { ...report, owner: { ...whole, ...owner }, ...fields } as Record<string, unknown>;
  });
/** A change of an attachment of that task, with some of its fields replaced. */
const damagedChange = fc
  .record({
    kind: fc.constantFrom('createdArtifact', 'sourceResource'),
    name: fc.nat({ max: 60 }).map((i) => `arn:aws:ec2:us-west-2::image/ami-${i}`),
    disassociate: fc.constantFrom(true, undefined),
    fields: fc.dictionary(
      fc.constantFrom('kind', 'name', 'description', 'statusDetail', 'disassociate', 'id'),
      strange,
      { maxKeys: 1 },
    ),
  })
  .map(({ fields, ...change }) => ({ ...change, progressUpdateStream: 'S', migrationTaskName: 'vm-2', ...fields }));
const signal = fc.oneof({ weight: 4, arbitrary: damaged }, { weight: 2, arbitrary: damagedChange }, strange);
const answer = fc.constantFrom({ others: {} }, failure('never'), failure('backoff', { retryAfterSeconds: 1e9 }));

describe('whatever is signalled to a group', () => {
  it('nothing is thrown, the state fits a payload, and its other task has each heartbeat in time', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(signal, answer), { maxLength: 30 }), (steps) => {
        const group = groupOf();
        group.take(reportOf(1, { nextUpdateSeconds: 60 }), START);
        let now = START;
        for (const [input, fate] of steps) {
          if ((input as { migrationTaskName?: unknown } | null)?.migrationTaskName === 'vm-1') continue;
          receive(group, GROUP, structuredClone(input), now);
          receiveChange(group, GROUP, structuredClone(input), now);
          now += 5;
          const { warnings: _, ...round } = group.takeDue(now);
          const own = { records: round.records.slice(0), items: round.items.slice(0) };
          // Migration Hub takes what it gets of vm-1, and treats the others as it likes.
          own.records.forEach((record, i) => {
            const one = { records: [record], items: [own.items[i] as never] };
            group.settle(one, record.migrationTaskName === 'vm-1' ? { others: {} } : (fate as never), now);
          });
          expect(group.view('vm-1', now)).toMatchObject({ freshness: 'fresh', counters: { missedDeadlines: 0 } });
          const carried = fitPayload([...group.records.values()]);
          expect(fitsPayload(carried)).toBe(true);
          expect(() => groupOf(JSON.parse(JSON.stringify(carried)) as never[]).ledger(now)).not.toThrow();
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['statusDetail', 'owner', 'labels', 'resourceAttributes', 'migrationTaskName', 'another field'])(
    'an object as deep as a signal has room for is dropped, or passed over, as %s',
    (name) => {
      const deep = JSON.parse(`${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`) as object;
      for (const take of [receive, receiveChange]) {
        const group = groupOf();
        const { dropped } = take(
          group,
          GROUP,
          { ...reportOf(1), kind: 'createdArtifact', name: 'x', [name]: deep },
          START,
        );
        expect(dropped === undefined).toBe(name === 'another field' && take === receive);
      }
    },
  );

  it.each([
    ['mgh:S:vm-1', { migrationTaskName: 'vm-2' }],
    ['mgh:S:vm-1', { progressUpdateStream: 'T' }],
    ['mgh-group:S:7:0', { migrationTaskName: 'vm-1' }],
    ['mgh-group:T:1:0', {}],
  ])('a report that is not of %s is dropped, and told by its name: a task has one writer', (workflowId, more) => {
    const group = groupOf();
    const report = reportOf(1, more);
    expect(receive(group, workflowId, report, START)).toEqual({
      migrationTaskName: report.migrationTaskName,
      dropped: `${workflowId} is not its heartbeat workflow`,
    });
    expect(group.records.size).toBe(0);
  });

  it.each(['mgh:S:vm-1', GROUP, 'a-workflow-with-another-id'])('a report that is of %s is taken', (workflowId) => {
    const group = groupOf();
    expect(receive(group, workflowId, reportOf(1), START)).toEqual({ migrationTaskName: 'vm-1' });
  });
});

it.each([
  { kind: 'createdArtifact', statusDetail: 5 },
  { kind: 'sourceResource', disassociate: true, statusDetail: {} },
  { kind: 'sourceResource', disassociate: true, description: 5 },
])('a change of an attachment with a field that is not of its kind is taken without it: %j', (more) => {
  const group = groupOf();
  const name = 'arn:aws:ec2:us-west-2::image/ami-1';
  const change = { progressUpdateStream: 'S', migrationTaskName: 'vm-1', name, ...more };
  expect(receiveChange(group, GROUP, change, START)).toEqual({ migrationTaskName: 'vm-1' });
  const [taken] = group.records.get('vm-1')?.attachments ?? [];
  expect(taken).toMatchObject({ kind: more.kind, name, state: 'pending' });
  expect(taken?.statusDetail).toBeUndefined();
  expect(taken?.description).toBeUndefined();
});

describe('a state that a heartbeat workflow is started with', () => {
  it.each([[[null]], [[{}]], [5], ['x'], [[{ migrationTaskName: 'vm-1', labels: 5, reporters: null }]]])(
    'is left out where no run of ours was before: %j',
    (tasks) => {
      const input = usableInput({ tasks: tasks as never, closing: 5 as never }, false);
      expect(input).toEqual({ settings: {} });
    },
  );

  it.each([null, undefined, 5, 'x', [], { settings: null }])('%j is as good as none', (given) => {
    expect(usableInput(given as never, false)).toEqual({ settings: {} });
  });
});

it('1,000 tasks with the largest labels fit a payload without them: the group goes on', () => {
  const group = groupOf();
  const labels = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`label-${i}`, '統'.repeat(60)]));
  for (let i = 0; i < 1000; i++) group.take(reportOf(1, { migrationTaskName: `vm-${i}`, labels }), START);
  const all = [...group.records.values()];
  expect(fitsPayload(all)).toBe(false);
  const carried = fitPayload(all);
  expect(carried).toHaveLength(1000);
  expect(fitsPayload(carried)).toBe(true);
  expect(carried.every(({ pending }) => pending?.status === 'IN_PROGRESS')).toBe(true);
});

it('1,000 tasks of which each was reported by 32 workflows with long ids fit a payload', () => {
  const group = groupOf();
  for (let i = 0; i < 1000; i++)
    for (let n = 1; n <= 32; n++) {
      const owner = {
        ownerId: `run-${n}`,
        workflowId: `migrate-the-server/${i}/step-${n}/${'x'.repeat(60)}`,
        sequence: 1,
      };
      group.take(reportOf(1, { migrationTaskName: `vm-${i}`, owner }), START);
    }
  const carried = fitPayload([...group.records.values()]);
  expect(carried).toHaveLength(1000);
  expect(fitsPayload(carried)).toBe(true);
  for (const { owners } of carried) expect(owners.at(-1)?.workflowId).toContain('/step-32/');
});
