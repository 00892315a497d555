import { expect, it } from 'vitest';
import { type TaskReport } from '../../src/report';
import { accept, newTaskRecord, stamp, type TaskRecord } from '../../src/task-state';
import { carried } from '../../src/task-state/carried';
import { attachmentsLeftOut, fitPayload, fitsPayload } from '../../src/task-state/fit-payload';
import { failed } from '../../src/task-state/failed';
import { delivered } from '../../src/task-state/notify';
import type { Attachment, DeliveredState } from '../../src/task-state/record';
import { failure } from './tasks';

const records = (count: number, statusDetail: string) =>
  Array.from({ length: count }, (_, i) => {
    const report = {
      progressUpdateStream: 'S',
      migrationTaskName: `vm-${i}`,
      status: 'IN_PROGRESS' as const,
      statusDetail,
    };
    const record = newTaskRecord(report);
    accept(record, report, 1000);
    return record;
  });
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

it('attributes that are not put yet give way before details do', () => {
  const record = (i: number): TaskRecord => ({
    ...newTaskRecord({ progressUpdateStream: 'S', migrationTaskName: `vm-${i}` }),
    attachments: [
      {
        kind: 'resourceAttributes',
        state: 'pending',
        resourceAttributes: Array.from({ length: 100 }, () => ({ type: 'VM_PATH', value: 'v'.repeat(256) })),
      },
      { kind: 'createdArtifact', name: 'arn:aws:ec2:us-west-2::image/ami-1', state: 'pending' },
    ],
    pending: { number: 1, reports: [], status: 'IN_PROGRESS', statusDetail: 'Replicating', acceptedAt: 1 },
  });
  const fitted = fitPayload(Array.from({ length: 60 }, (_, i) => record(i)));
  expect(fitsPayload(fitted)).toBe(true);
  expect(fitted.map(({ pending }) => pending?.statusDetail)).toEqual(Array(60).fill('Replicating'));
  for (const { attachments } of fitted) expect(attachments).toMatchObject([{ kind: 'createdArtifact' }]);
});

it('artifacts that Migration Hub has give way before details do, those that wait stay', () => {
  const artifact = (i: number, state: 'associated' | 'pending') => ({
    kind: 'createdArtifact' as const,
    name: `arn:aws:ec2:us-west-2::image/${'a'.repeat(500)}${i}`,
    state,
  });
  const fitted = fitPayload(
    Array.from({ length: 100 }, (_, i) => ({
      ...newTaskRecord({ progressUpdateStream: 'S', migrationTaskName: `vm-${i}` }),
      attachments: Array.from({ length: 50 }, (_, j) => artifact(j, j === 7 ? 'pending' : 'associated')),
      pending: { number: 1, reports: [], status: 'IN_PROGRESS' as const, statusDetail: 'Replicating', acceptedAt: 1 },
    })),
  );
  expect(fitsPayload(fitted)).toBe(true);
  for (const { attachments, pending } of fitted) {
    expect(attachments?.map(({ state }) => state)).toEqual(['pending']);
    expect(pending?.statusDetail).toBe('Replicating');
  }
});

/** Tasks with so many artifacts each that are not permitted. */
const deniedArtifacts = (tasks: number, artifacts: number, more: Partial<Attachment> = {}): TaskRecord[] =>
  records(tasks, 'Replicating').map((record) => ({
    ...record,
    labels: { wave: 'w1' },
    attachments: Array.from({ length: artifacts }, (_, i) => ({
      kind: 'createdArtifact' as const,
      name: `arn:aws:ec2:us-west-2:123456789012:image/ami-${i}`,
      state: 'pending' as const,
      failure: failure('operator', { message: 'no '.repeat(166) }),
      ...more,
    })),
  }));
const statusesOf = (fitted: TaskRecord[]) => fitted.map(({ pending }) => `${pending?.status} ${pending?.statusDetail}`);

it('why artifacts are denied gives way first: 500 tasks with eight of them each go on, and nothing else is lost', () => {
  const large = deniedArtifacts(500, 8);
  expect(fitsPayload(large)).toBe(false);
  const fitted = fitPayload(large);
  expect(fitsPayload(fitted)).toBe(true);
  expect(statusesOf(fitted)).toEqual(Array(500).fill('IN_PROGRESS Replicating'));
  for (const { attachments, labels } of fitted) {
    expect(attachments).toHaveLength(8);
    expect(attachments?.[0]?.failure?.message).toMatch(/^(no ){20}…$/);
    expect(labels).toEqual({ wave: 'w1' });
  }
  expect(attachmentsLeftOut(large, fitted)).toBe(0);
});

it('artifacts that wait give way last, their descriptions before them: every status is kept', () => {
  const described = deniedArtifacts(500, 8, { description: 'd'.repeat(500) });
  const short = fitPayload(described);
  expect(fitsPayload(short)).toBe(true);
  expect(short[0]?.attachments).toHaveLength(8);
  expect(attachmentsLeftOut(described, short)).toBe(4000);
  const large = deniedArtifacts(200, 50);
  const fitted = fitPayload(large);
  expect(fitsPayload(fitted)).toBe(true);
  expect(fitted.map(({ pending }) => pending?.status)).toEqual(Array(200).fill('IN_PROGRESS'));
  expect(attachmentsLeftOut(large, fitted)).toBe(10_000);
});

it('a state that fits a payload is carried as it is', () => {
  const small = records(10, 'Replicating');
  expect(fitPayload(small)).toBe(small);
  expect(attachmentsLeftOut(small, small)).toBe(0);
});

it.each([
  ['largest details of emoji', '🚚'.repeat(2500)],
  ['quotes, which JSON doubles', '"'.repeat(2500)],
])('1,000 tasks with %s fit a payload: all tasks stay, their details are shortened', (_what, detail) => {
  const large = records(1000, detail);
  const fitted = fitPayload(large);
  expect(bytes(large)).toBeGreaterThan(1_500_000);
  expect(bytes(fitted)).toBeLessThanOrEqual(1_500_000);
  expect(fitted.map(({ migrationTaskName }) => migrationTaskName)).toEqual(
    large.map(({ migrationTaskName }) => migrationTaskName),
  );
  for (const { pending } of fitted) expect(pending?.statusDetail).toMatch(/^.{100,}…$/u);
  expect(large[0]?.pending?.statusDetail).toBe(detail);
});

it('reporters of long ago are forgotten first, details stay; one that still waits is kept', () => {
  const large = records(530, 'Replicating');
  for (const record of large)
    for (let i = 0; i < 32; i++) {
      const owner = { ownerId: `01a21245-95f8-7c8f-afdc-b5a98671194d/${i}`, workflowId: 'migrate', sequence: 1 };
      const report = { ...record, status: 'IN_PROGRESS', statusDetail: 'Replicating', owner } as unknown as TaskReport;
      accept(record, report, 1000 + i);
      if (i === 30) continue;
      stamp(record, 1000 + i);
      delivered(record, 1000 + i, 1);
    }
  for (const record of large) accept(record, { ...record, status: 'FAILED', statusDetail: 'Disk full' } as never, 2000);
  expect(fitsPayload(large)).toBe(false);
  const fitted = fitPayload(large);
  expect(fitsPayload(fitted)).toBe(true);
  for (const { pending, reporters } of fitted) {
    expect(pending?.statusDetail).toBe('Disk full');
    expect(Object.keys(reporters).length).toBeLessThan(32);
    for (const { ownerId } of pending?.reports ?? []) expect(reporters[ownerId]).toBeDefined();
  }
});

it('tasks at their end leave, the oldest first, before an open one would', () => {
  const all = records(4000, 'Replicating');
  all.forEach((record, i) => {
    if (i % 2 === 0) accept(record, { ...record, status: 'COMPLETED' } as unknown as TaskReport, 1000);
    stamp(record, 1000);
    delivered(record, 1000 + i, 1);
  });
  const open = (list: typeof all) => list.filter(({ terminalAt }) => terminalAt === undefined).length;
  const fitted = fitPayload(all);
  expect(fitsPayload(fitted)).toBe(true);
  expect(open(fitted)).toBe(open(all));
  const ended = fitted.filter(({ terminalAt }) => terminalAt !== undefined);
  expect(ended.length).toBeGreaterThan(0);
  expect(ended.at(-1)?.migrationTaskName).toBe('vm-3998');
});

/** Tasks of which Migration Hub has a state, or the end: the oldest first. */
const deliveredTasks = (count: number, status: 'IN_PROGRESS' | 'COMPLETED', statusDetail = 'Done'): TaskRecord[] =>
  records(count, '').map((record, i) => {
    const name = { migrationTaskName: `${status}-${i}` };
    accept(record, { ...record, ...name, status, statusDetail } as unknown as TaskReport, 1000);
    stamp(record, 1000);
    delivered(record, 1000 + i, 1);
    return { ...record, ...name };
  });
const artifact: Attachment = { kind: 'createdArtifact', name: 'arn:aws:ec2:us-west-2::image/ami-1', state: 'pending' };
const renamed = (record: TaskRecord) => ({ ...record, migrationTaskName: `other-${record.migrationTaskName}` });
const namesOf = (all: TaskRecord[]) => new Set(all.map(({ migrationTaskName }) => migrationTaskName));
/** The end as a heartbeat workflow sends it again where Migration Hub had forgotten it. */
function forgotten(record: TaskRecord): TaskRecord {
  const { status, statusDetail, updateDateTime, nextUpdateSeconds } = record.lastDelivered as DeliveredState;
  const notification = { status, statusDetail, updateDateTime, nextUpdateSeconds };
  return { ...record, unsent: { notification, heartbeat: true, reports: [] } };
}

it('tasks at their end of which something is to be sent yet stay, though they are the oldest', () => {
  const ended = deliveredTasks(3000, 'COMPLETED');
  const withArtifact = ended.slice(0, 50).map((record) => ({ ...record, attachments: [artifact] }));
  const forgottenEnds = ended.slice(50, 100).map(forgotten);
  const all = [...withArtifact, ...forgottenEnds, ...ended.slice(100), ...deliveredTasks(1000, 'IN_PROGRESS')];
  const { tasks, left, leftOut } = carried(all, []);
  expect(fitsPayload(tasks)).toBe(true);
  expect(tasks.length + left.length + leftOut.tasks).toBe(4000);
  expect(tasks.length).toBeLessThan(4000);
  expect([...namesOf(tasks)].slice(0, 100)).toEqual([...namesOf(all)].slice(0, 100));
  for (const { attachments } of tasks.slice(0, 50)) expect(attachments).toMatchObject([artifact]);
  for (const { unsent } of tasks.slice(50, 100)) expect(unsent?.notification.status).toBe('COMPLETED');
  expect(leftOut.attachments).toBe(0);
});

it('where they do not fit, those with attachments leave and the log has their number; those whose end is to be sent stay', () => {
  const long = Array.from({ length: 49 }, (_, i) => ({ ...artifact, name: `${'a'.repeat(1000)}${i}` }));
  const ended = deliveredTasks(40, 'COMPLETED').map((record) => ({ ...record, attachments: [artifact, ...long] }));
  const forgottenEnds = deliveredTasks(100, 'COMPLETED').map((record) => forgotten(renamed(record)));
  const all = [...ended, ...forgottenEnds, ...deliveredTasks(500, 'IN_PROGRESS')];
  const { tasks, left, leftOut } = carried(all, []);
  expect(fitsPayload(tasks)).toBe(true);
  const waiting = tasks.filter(({ attachments = [] }) => attachments.length > 0);
  expect(waiting.length).toBeGreaterThan(0);
  expect(waiting.length).toBeLessThan(40);
  expect(leftOut.attachments).toBe(50 * (40 - waiting.length));
  // What is remembered of them is not sent.
  expect(left.some(({ attachments = [] }) => attachments.length > 0)).toBe(true);
  expect(tasks.filter(({ unsent }) => unsent)).toHaveLength(100);
  expect(tasks.filter(({ terminalAt }) => terminalAt === undefined)).toHaveLength(500);
});

it('an end that Migration Hub has forgotten is sent again, its detail shortened where it must be', () => {
  const all = deliveredTasks(300, 'COMPLETED', '🚚'.repeat(2500)).map(forgotten);
  const fitted = fitPayload(all);
  expect(fitsPayload(fitted)).toBe(true);
  expect(fitted).toHaveLength(300);
  for (const { unsent, lastDelivered } of fitted) {
    expect(unsent?.notification).toMatchObject({ status: 'COMPLETED', updateDateTime: 1000 });
    expect(unsent?.notification.statusDetail).toBe(lastDelivered?.statusDetail);
    expect(unsent?.notification.statusDetail).toMatch(/^🚚+…$/u);
  }
});

it('attributes of a task at its end stay, since no report brings them again', () => {
  const attributes: Attachment = {
    kind: 'resourceAttributes',
    state: 'pending',
    resourceAttributes: Array.from({ length: 80 }, () => ({ type: 'VM_PATH', value: 'v'.repeat(256) })),
  };
  const withAttributes = (all: TaskRecord[]) => all.map((record) => ({ ...record, attachments: [attributes] }));
  const open = withAttributes(deliveredTasks(50, 'IN_PROGRESS'));
  const some = [...open, ...withAttributes(deliveredTasks(20, 'COMPLETED'))];
  const kept = fitPayload(some).filter(({ attachments = [] }) => attachments.length > 0);
  expect(namesOf(kept)).toEqual(namesOf(some.slice(50)));
  expect(attachmentsLeftOut(some, fitPayload(some))).toBe(0);
  const many = withAttributes(deliveredTasks(100, 'COMPLETED'));
  const { tasks, leftOut } = carried(many, []);
  expect(leftOut.attachments).toBe(100 - tasks.length);
  expect(tasks.length).toBeLessThan(100);
});

it('details are cut only as short as needed, between characters, and an end that waits keeps its status', () => {
  const detailsOf = (detail: string, count: number) => {
    const large = records(count, 'Replicating');
    for (const record of large) {
      stamp(record, 1000);
      delivered(record, 1000, 1);
      if (record.lastDelivered) record.lastDelivered.statusDetail = detail;
      accept(record, { ...record, status: 'COMPLETED', statusDetail: detail } as unknown as TaskReport, 2000);
    }
    const fitted = fitPayload(large);
    expect(fitsPayload(JSON.parse(JSON.stringify(fitted)))).toBe(true);
    expect(fitted.map(({ pending }) => pending?.status)).toEqual(Array(count).fill('COMPLETED'));
    return fitted.flatMap(({ pending, lastDelivered }) => [pending?.statusDetail, lastDelivered?.statusDetail]);
  };
  expect(new Set(detailsOf('x'.repeat(2500), 500))).toEqual(new Set([`${'x'.repeat(999)}…`]));
  expect(new Set(detailsOf('x'.repeat(2500), 800))).toEqual(new Set([`${'x'.repeat(199)}…`]));
  expect(new Set(detailsOf('🚚'.repeat(2500), 1000))).toEqual(new Set([`${'🚚'.repeat(49)}…`]));
  expect(new Set(detailsOf('🚚'.repeat(2500), 2000))).toEqual(new Set([undefined]));
});

it('what is on its way is cut too; what failed is kept to the byte, or dropped where it would have to be cut', () => {
  const large = records(400, '🚚'.repeat(2500));
  const [quiet] = records(1, 'Replicating');
  for (const record of [...large, quiet as TaskRecord]) stamp(record, 1000);
  for (const record of [...large.slice(0, 100), quiet as TaskRecord])
    failed(record, { type: 'TimeoutError', message: '', retry: 'backoff' }, 1001, 1);
  const fitted = fitPayload([...large, quiet as TaskRecord]);
  expect(fitsPayload(fitted)).toBe(true);
  expect(fitted.filter(({ pending }) => pending?.statusDetail).length).toBe(401);
  expect(fitted.filter(({ inFlight }) => inFlight?.notification.statusDetail).length).toBe(300);
  expect(fitted.filter(({ unsent }) => unsent)).toEqual([fitted.at(-1)]);
  expect(fitted.at(-1)?.unsent).toStrictEqual(quiet?.unsent);
});

it('1,000 open tasks that all fail, for a reason with what to do about it, fit a payload: the group goes on', () => {
  const reason =
    `no credentials; ${'give the worker credentials that hold, as the documentation says. '.repeat(8)}`.slice(0, 500);
  const large = Array.from({ length: 1000 }, (_, i) => {
    const owner = {
      ownerId: `01a21245-95f8-7c8f-afdc-b5a98671${i}`,
      workflowId: `migrate-server-${i}`,
      runId: `01a21245-95f8-7c8f-afdc-b5a98671${i}`,
      sequence: 1,
    };
    const report = {
      progressUpdateStream: 'DatacenterExit',
      migrationTaskName: `web-${i}`,
      status: 'IN_PROGRESS' as const,
      progressPercent: 30,
      labels: { wave: 'wave-7', application: 'shop' },
      owner,
    };
    const record = newTaskRecord(report);
    accept(record, report, 1000);
    stamp(record, 1000);
    failed(record, { type: 'CredentialsProviderError', message: reason, retry: 'operator' }, 1001, 1);
    record.said = { missedDeadlines: 0, failures: ['CredentialsProviderError'] };
    return record;
  });
  expect(fitsPayload(large)).toBe(false);
  const fitted = fitPayload(large);
  expect(fitsPayload(fitted)).toBe(true);
  expect(fitted).toHaveLength(1000);
  for (const { pending, lastFailure, owners } of fitted) {
    expect(pending).toMatchObject({ status: 'IN_PROGRESS', progressPercent: 30 });
    expect(lastFailure).toMatchObject({ type: 'CredentialsProviderError', retry: 'operator' });
    expect(owners).toHaveLength(1);
  }
});
