import { describe, expect, it } from 'vitest';
import { MAX_ATTACHMENTS, type AttachmentChange, type TaskReport } from '../../src/report';
import {
  accept,
  hasUntried,
  newTaskRecord,
  stamp,
  type AttachmentCall,
  type NotifyFailure,
  type Outcome,
  type TaskRecord,
  type TaskStateView,
} from '../../src/task-state';
import {
  attachmentCalls,
  attachmentsDueAt,
  attachmentsForgotten,
  attachmentsSettled,
  changeAttachment,
} from '../../src/task-state/attachments';
import { failed } from '../../src/task-state/failed';
import { delivered } from '../../src/task-state/notify';
import { giveUpIfSilent, ownerEnded } from '../../src/task-state/owner';
import { toView } from '../../src/task-state/view';
import { failure, groupOf, reportOf, TIMING } from './tasks';

const NOW = 1000;
const AMI = 'arn:aws:ec2:us-west-2:123456789012:image/ami-0123456789abcdef0';

/** A task that was reported and registered; `more`: what its report brought. */
function known(more: Parameters<typeof reportOf>[1] = {}): TaskRecord {
  const record = newTaskRecord(reportOf(1));
  say(record, reportOf(1, more));
  record.registered = true;
  return record;
}
/** Takes a report that is delivered at once. */
function say(record: TaskRecord, report: TaskReport, now = NOW): void {
  accept(record, report, now);
  stamp(record, now);
  delivered(record, now, 1);
}
const attachmentsOf = (record: TaskRecord, now = NOW) => toView(record, TIMING, now).attachments;
/** Sends what is due, and gives it. */
function send(record: TaskRecord, now = NOW, outcome: Outcome = {}): AttachmentCall[] {
  const calls = attachmentCalls(record, now);
  attachmentsSettled(record, calls, outcome, now);
  return JSON.parse(JSON.stringify(calls)) as AttachmentCall[];
}
const fails = (why: NotifyFailure): Outcome => ({ attachmentFailures: { 0: why } });

describe('resource attributes', () => {
  const attributes = (value: string) => [{ type: 'IPV4_ADDRESS', value }];
  const said = (sequence: number, value: string) => reportOf(sequence, { resourceAttributes: attributes(value) });
  const first = () => known({ resourceAttributes: attributes('10.0.0.1') });
  const sent = (value: string) => [{ kind: 'resourceAttributes', resourceAttributes: attributes(value) }];

  it('wait until the task is registered', () => {
    const record = first();
    record.registered = false;
    expect(attachmentsDueAt(record)).toBeUndefined();
    record.registered = true;
    expect(attachmentsDueAt(record)).toBe(0);
  });

  it('are put once, and again when they have changed', () => {
    const record = first();
    expect(send(record)).toEqual(sent('10.0.0.1'));
    say(record, said(2, '10.0.0.1'), NOW);
    expect(attachmentsDueAt(record)).toBeUndefined();
    expect(attachmentsOf(record)).toMatchObject([{ kind: 'resourceAttributes', state: 'associated' }]);
    say(record, said(3, '10.0.0.2'), NOW);
    expect(send(record)).toEqual(sent('10.0.0.2'));
  });

  it('that come in while others are put are put next', () => {
    const record = first();
    const onTheirWay = attachmentCalls(record, NOW);
    say(record, said(2, '10.0.0.2'), NOW);
    attachmentsSettled(record, onTheirWay, {}, NOW);
    expect(send(record)).toEqual(sent('10.0.0.2'));
  });

  it('that are wrong by the answer stay wanted and show why; given again, they are tried 30 s later at the latest', () => {
    const record = first();
    const wrong = failure('never', { type: 'InvalidInputException' });
    for (let now = NOW; now < NOW + 8000; now = attachmentsDueAt(record) ?? Infinity) send(record, now, fails(wrong));
    const at = attachmentsDueAt(record) as number;
    expect(attachmentsOf(record)).toMatchObject([{ state: 'pending', failure: wrong, nextTryAt: at }]);
    expect(at).toBeGreaterThan(NOW + 10_000);
    say(record, said(2, '10.0.0.1'), NOW + 8000);
    say(record, said(3, '10.0.0.1'), NOW + 8004);
    expect(attachmentsDueAt(record)).toBe(NOW + 8030);
    send(record, NOW + 8030);
    expect(attachmentsOf(record)).toMatchObject([{ state: 'associated', failure: undefined }]);
  });

  it('go back to what was put before, when the newest report says so', () => {
    const record = first();
    send(record);
    say(record, said(2, '10.0.0.2'), NOW + 1);
    const onTheirWay = attachmentCalls(record, NOW + 1);
    say(record, said(3, '10.0.0.1'), NOW + 2);
    attachmentsSettled(record, onTheirWay, {}, NOW + 2);
    expect(send(record, NOW + 2)).toEqual(sent('10.0.0.1'));
  });

  it.each([
    [undefined, 1030],
    [90, 1090],
    [1e9, 4600],
  ])('that are throttled (asked to wait %s s) are tried again by themselves, at %d', (retryAfterSeconds, at) => {
    const record = first();
    send(record, NOW, fails(failure('backoff', { retryAfterSeconds })));
    say(record, said(2, '10.0.0.1'), 1002);
    expect(attachmentsDueAt(record)).toBe(at);
    expect(attachmentsOf(record)).toMatchObject([{ state: 'pending', failure: { type: 'X' }, nextTryAt: at }]);
    send(record, at);
    expect(attachmentsDueAt(record)).toBeUndefined();
    expect(attachmentsOf(record)?.[0]?.failure).toBeUndefined();
  });

  it.each<[string, Outcome]>([
    ['was throttled', { failure: failure() }],
    ['could not be registered', { failure: failure('operator'), unregistered: true }],
    ['met a newer state in Migration Hub', { found: { status: 'IN_PROGRESS', updateDateTime: 1000 } }],
    ['had no turn', { notBegun: true }],
  ])('go with the first notification, and are not lost where that %s', (_what, outcome) => {
    const group = groupOf();
    group.take(said(1, '10.0.0.1'), NOW);
    const round = group.takeDue(NOW);
    expect(round.items).toMatchObject([{ register: {}, attach: sent('10.0.0.1') }]);
    group.settle(round, { stampedAt: NOW, others: { 0: outcome } }, NOW);
    const seen: unknown[] = [];
    for (let now = 1040; now < 1400; now += 40) {
      const next = group.takeDue(now);
      seen.push(...next.items.flatMap(({ attach }) => attach ?? []));
      group.settle(next, { stampedAt: now, others: {} }, now);
    }
    expect(JSON.parse(JSON.stringify(seen))).toEqual(sent('10.0.0.1'));
  });
});

describe('a discovered resource', () => {
  const says = (record: TaskRecord, sequence: number, discoveredResource: string) =>
    say(record, reportOf(sequence, { discoveredResource }), NOW);
  const call = (name: string, more = {}) => [{ kind: 'discoveredResource', name, ...more }];

  it('is associated once; with another one that is associated first, and then the one before is disassociated', () => {
    const record = known({ discoveredResource: 'd-server-1' });
    expect(send(record)).toEqual(call('d-server-1'));
    says(record, 2, 'd-server-1');
    expect(send(record)).toEqual([]);
    says(record, 3, 'd-server-2');
    expect(send(record)).toEqual(call('d-server-2'));
    expect(send(record)).toEqual(call('d-server-1', { disassociate: true }));
    expect(send(record)).toEqual([]);
    expect(attachmentsOf(record)).toMatchObject([
      { name: 'd-server-2', state: 'associated' },
      { name: 'd-server-1', state: 'disassociated' },
    ]);
  });

  it('is kept while the one in its place is not taken', () => {
    const record = known({ discoveredResource: 'd-server-1' });
    send(record);
    says(record, 2, 'd-server-2');
    for (const now of [NOW, NOW + 100_000])
      expect(send(record, now, fails(failure('never')))).toEqual(call('d-server-2'));
  });

  it('is given up also where a wrong one came between: a typo that was corrected', () => {
    const record = known({ discoveredResource: 'd-server-1' });
    send(record);
    says(record, 2, 'd-sever-2');
    send(record, NOW, fails(failure('never')));
    says(record, 3, 'd-server-2');
    expect(send(record)).toEqual(call('d-server-2'));
    expect(send(record)).toEqual(call('d-server-1', { disassociate: true }));
    const unknown = fails(failure('register', { type: 'ResourceNotFoundException' }));
    expect(send(record, NOW + 30, unknown)).toEqual(call('d-sever-2', { disassociate: true }));
    expect(attachmentsDueAt(record)).toBeUndefined();
  });

  it('that was wrong and is corrected costs one more call, and gives way', () => {
    const record = known({ discoveredResource: 'd-sever-1' });
    send(record, NOW, fails(failure('never')));
    says(record, 2, 'd-server-1');
    expect(send(record)).toEqual(call('d-server-1'));
    expect(send(record, NOW + 30, fails(failure('never')))).toEqual(call('d-sever-1', { disassociate: true }));
    says(record, 3, 'd-server-1');
    expect(attachmentsDueAt(record)).toBeUndefined();
    expect(attachmentsOf(record)).toMatchObject([
      { name: 'd-server-1', state: 'associated' },
      { name: 'd-sever-1', state: 'disassociated', failure: undefined },
    ]);
  });

  it('that comes back before it was disassociated stays', () => {
    const record = known({ discoveredResource: 'd-server-1' });
    send(record);
    says(record, 2, 'd-server-2');
    says(record, 3, 'd-server-1');
    const sent = [...send(record), ...send(record), ...send(record)];
    expect(sent.at(-1)).toEqual({ kind: 'discoveredResource', name: 'd-server-2', disassociate: true });
    expect(sent).not.toContainEqual({ kind: 'discoveredResource', name: 'd-server-1', disassociate: true });
  });
});

describe('an artifact', () => {
  let changes = 0;
  const change = (more: Partial<AttachmentChange> = {}): AttachmentChange => ({
    progressUpdateStream: 'S',
    migrationTaskName: 'vm-1',
    kind: 'createdArtifact',
    name: AMI,
    id: `run/${++changes}`,
    ...more,
  });
  const given = (record: TaskRecord, more: Partial<AttachmentChange> = {}, now = NOW) =>
    changeAttachment(record, change(more), now);
  const artifact = { kind: 'createdArtifact', name: AMI };

  it.each<[string, (record: TaskRecord) => void]>([
    ['its workflow completed without an end', (record) => ownerEnded(record, 'COMPLETED', NOW + 60)],
    [
      'its silence limit passed',
      (record) => {
        failed(record, failure('backoff'), NOW + 60, 1);
        giveUpIfSilent(record, 30, NOW + 90);
      },
    ],
  ])('of a task whose heartbeats end in an outage, since %s, is sent all the same', (_why, end) => {
    const record = known({ owner: { ownerId: 'client', sequence: 1 } });
    stamp(record, NOW + 30);
    failed(record, failure('backoff'), NOW + 30, 1);
    given(record);
    expect(attachmentsDueAt(record)).toBeUndefined();
    stamp(record, NOW + 60);
    end(record);
    expect(record.abandoned).toBeDefined();
    expect(send(record, attachmentsDueAt(record))).toEqual([artifact]);
  });

  it('is associated once, again with another description, and disassociated', () => {
    const record = known();
    given(record, { description: 'AMI' });
    expect(send(record)).toEqual([{ ...artifact, description: 'AMI' }]);
    given(record, { description: 'AMI' });
    expect(send(record)).toEqual([]);
    given(record, { description: 'AMI of web-01' });
    expect(send(record)).toEqual([{ ...artifact, description: 'AMI of web-01' }]);
    given(record, { disassociate: true });
    expect(attachmentsOf(record)).toMatchObject([{ state: 'pending', disassociate: true }]);
    expect(send(record)).toEqual([{ ...artifact, disassociate: true }]);
    expect(attachmentsOf(record)).toMatchObject([{ state: 'disassociated' }]);
  });

  it('that is taken back before it was sent is only disassociated', () => {
    const record = known();
    given(record);
    given(record, { disassociate: true });
    expect(send(record)).toEqual([{ ...artifact, disassociate: true }]);
  });

  it('of which a change comes again, late, is as the newest change says', () => {
    const record = known();
    given(record, { id: 'run/associate' });
    send(record);
    given(record, { id: 'run/disassociate', disassociate: true });
    send(record);
    given(record, { id: 'run/associate' });
    expect(send(record)).toEqual([]);
    expect(attachmentsOf(record)).toMatchObject([{ state: 'disassociated' }]);
  });

  it('that Migration Hub does not know when it is disassociated is disassociated', () => {
    const record = known();
    given(record, { disassociate: true });
    send(record, NOW, fails(failure('register', { type: 'ResourceNotFoundException' })));
    expect(attachmentsOf(record)).toMatchObject([{ state: 'disassociated', failure: undefined }]);
  });

  it('that Migration Hub never takes is disassociated with one call that it does not take either, whenever it is asked to', () => {
    const record = known();
    for (let i = 0; i < 2; i++) {
      given(record);
      send(record, NOW, fails(failure('never')));
      given(record, { disassociate: true });
      expect(send(record, NOW + 30, fails(failure('never')))).toEqual([{ ...artifact, disassociate: true }]);
      expect(attachmentsDueAt(record)).toBeUndefined();
      expect(attachmentsOf(record)).toMatchObject([{ state: 'disassociated', failure: undefined }]);
    }
    given(record, { name: `${AMI}2`, disassociate: true });
    send(record, NOW + 30, fails(failure('never')));
    expect(attachmentsDueAt(record)).toBeUndefined();
  });

  it('that Migration Hub never takes stays wanted where it comes back while it is disassociated', () => {
    const record = known();
    given(record, { disassociate: true });
    const onTheirWay = attachmentCalls(record, NOW);
    given(record);
    attachmentsSettled(record, onTheirWay, fails(failure('never')), NOW);
    expect(send(record)).toEqual([artifact]);
  });

  it.each<[string, (record: TaskRecord) => void]>([
    ['taken', () => {}],
    [
      'taken, and then not with another description',
      (record) => {
        given(record, { description: 'two' });
        send(record, NOW, fails(failure('never')));
      },
    ],
    [
      'taken, and then perhaps with another description',
      (record) => {
        given(record, { description: 'two' });
        send(record, NOW, fails(failure('backoff')));
      },
    ],
  ])('that was %s is disassociated until Migration Hub does it: its name is right', (_what, before) => {
    const record = known();
    given(record);
    send(record);
    before(record);
    given(record, { disassociate: true });
    for (let i = 0; i < 20; i++) {
      const now = Math.max(NOW + 30, attachmentsDueAt(record) as number);
      expect(send(record, now, fails(failure('never')))).toEqual([{ ...artifact, disassociate: true }]);
      expect(attachmentsOf(record)).toMatchObject([{ state: 'pending', failure: { retry: 'never' } }]);
    }
    send(record, attachmentsDueAt(record));
    expect(attachmentsOf(record)).toMatchObject([{ state: 'disassociated' }]);
  });

  it.each([
    ['backoff', [30, 60, 120, 240, 300, 300]],
    ['operator', [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]],
    ['register', [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]],
    ['never', [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]],
  ] as const)('that fails with %s is tried again after pauses that double', (retry, pauses) => {
    const record = known();
    given(record);
    let now = NOW;
    const seen = pauses.map(() => {
      send(record, now, fails(failure(retry)));
      const pause = (attachmentsDueAt(record) ?? 0) - now;
      now += pause;
      return pause;
    });
    expect(seen).toEqual(pauses);
  });

  it('that somebody gives again after mending the cause does not wait out the whole pause', () => {
    const record = known();
    given(record);
    for (let now = NOW; now < NOW + 8000; now = attachmentsDueAt(record) ?? Infinity)
      send(record, now, fails(failure('operator')));
    given(record, {}, NOW + 8000);
    expect(attachmentsDueAt(record)).toBeLessThanOrEqual(NOW + 8030);
  });

  it('that is wrong by the answer does not hold others back; in an outage the others wait as long as the one that failed', () => {
    const record = known();
    const names = ['a', 'b', 'c'].map((name) => `${AMI}${name}`);
    for (const name of names) given(record, { name });
    const calls = attachmentCalls(record, NOW);
    attachmentsSettled(
      record,
      calls,
      { attachmentFailures: { 0: failure('never'), 1: failure() }, attachmentsLeft: 1 },
      NOW,
    );
    expect(attachmentsOf(record)).toMatchObject([
      { name: names[0], state: 'pending', failure: { retry: 'never' } },
      { name: names[1], state: 'pending', failure: {} },
      { name: names[2], state: 'pending', failure: undefined },
    ]);
    expect(attachmentCalls(record, NOW + 29)).toEqual([]);
    // Those that failed come last: others must not wait behind them for ever.
    expect(attachmentCalls(record, NOW + 30).map(({ name }) => name)).toEqual([names[2], names[0], names[1]]);
  });

  it(`is one of at most ${MAX_ATTACHMENTS}: the next is refused, visibly, until one is disassociated`, () => {
    const record = known();
    for (let i = 0; i < MAX_ATTACHMENTS; i++) expect(given(record, { name: `${AMI}${i}` })).toBeUndefined();
    const more = `${AMI}more`;
    for (let i = 0; i < 3; i++) expect(given(record, { name: more })).toMatch(/50 at most: disassociate one first/);
    expect(given(record, { name: `${AMI}0`, description: 'known' })).toBeUndefined();
    const views = attachmentsOf(record) ?? [];
    expect(views).toHaveLength(MAX_ATTACHMENTS + 1);
    expect(views.filter(({ state }) => state === 'refused')).toMatchObject([
      { name: more, failure: { type: 'TooManyAttachments' } },
    ]);
    const sent = Array.from({ length: 6 }, () => send(record)).flat();
    expect(sent).toHaveLength(MAX_ATTACHMENTS);
    given(record, { name: `${AMI}1`, disassociate: true });
    send(record);
    expect(given(record, { name: more })).toBeUndefined();
    expect(send(record)).toEqual([{ ...artifact, name: more }]);
    expect(attachmentsOf(record)).toHaveLength(MAX_ATTACHMENTS);
  });

  it(`does not take the place of one that Migration Hub does not take, where a task has ${MAX_ATTACHMENTS}`, () => {
    const record = known();
    given(record, { name: `${AMI}wrong` });
    send(record, NOW, fails(failure('never')));
    for (let i = 1; i < MAX_ATTACHMENTS; i++) given(record, { name: `${AMI}${i}` });
    expect(given(record, { name: `${AMI}more` })).toMatch(/50 at most/);
    expect(attachmentsOf(record)).toMatchObject([
      { name: `${AMI}wrong`, state: 'pending' },
      ...Array.from({ length: MAX_ATTACHMENTS - 1 }, () => ({ state: 'pending' })),
      { name: `${AMI}more`, state: 'refused' },
    ]);
  });

  it(`makes room where Migration Hub never takes it, also for all ${MAX_ATTACHMENTS} of a task`, () => {
    const record = known();
    const names = Array.from({ length: MAX_ATTACHMENTS }, (_, i) => `${AMI}${i}`);
    const never = Object.fromEntries(names.map((_name, i) => [i, failure('never')]));
    const sendAll = (now: number) =>
      Array.from({ length: 5 }, () => send(record, now, { attachmentFailures: never })).flat();
    for (const name of names) given(record, { name });
    expect(sendAll(NOW)).toHaveLength(MAX_ATTACHMENTS);
    expect(given(record, { name: `${AMI}more` })).toMatch(/50 at most/);
    for (const name of names) given(record, { name, disassociate: true });
    expect(sendAll(NOW + 30)).toHaveLength(MAX_ATTACHMENTS);
    expect(attachmentsDueAt(record)).toBeUndefined();
    for (const name of names) expect(given(record, { name: `${name}right` })).toBeUndefined();
  });

  it('is sent again where Migration Hub had forgotten the task', () => {
    const record = known({ resourceAttributes: [{ type: 'FQDN', value: 'a.example.com' }] });
    given(record);
    send(record);
    attachmentsForgotten(record, NOW);
    expect(send(record)).toEqual([artifact]);
    say(record, reportOf(2, { resourceAttributes: [{ type: 'FQDN', value: 'a.example.com' }] }), NOW);
    expect(send(record)).toMatchObject([{ kind: 'resourceAttributes' }]);
  });

  it.each(['never', 'operator', 'register'] as const)(
    'that failed with %s is tried soon where Migration Hub had forgotten the task',
    (retry) => {
      const record = known();
      given(record);
      for (let now = NOW; now < NOW + 8000; now = attachmentsDueAt(record) ?? Infinity)
        send(record, now, fails(failure(retry)));
      attachmentsForgotten(record, NOW + 8000);
      expect(attachmentsDueAt(record)).toBe(NOW + 8030);
    },
  );
});

describe('a task that nobody has reported', () => {
  const change: AttachmentChange = {
    progressUpdateStream: 'S',
    migrationTaskName: 'vm-1',
    kind: 'createdArtifact',
    name: AMI,
  };
  const attachedTo = (settings = {}) => {
    const group = groupOf(settings);
    group.attach(change, NOW);
    return group;
  };
  const settle = (group: ReturnType<typeof groupOf>, outcome: Outcome, now = NOW) =>
    group.settle(group.takeDue(now), { others: { 0: outcome } }, now);

  it('is registered for its artifact, gets no status, and leaves when it has lingered', () => {
    const group = attachedTo({ lingerSeconds: 60 });
    const round = group.takeDue(NOW);
    expect(round.items).toMatchObject([{ register: {}, attach: [{ name: AMI }] }]);
    expect(round.items[0]?.notification).toBeUndefined();
    group.settle(round, { others: {} }, NOW);
    expect(group.view('vm-1', NOW)).toMatchObject({
      registered: true,
      freshness: 'never-delivered',
      counters: { reports: 0, notifications: 0 },
      attachments: [{ state: 'associated' }],
    });
    expect(group.nextDueAt()).toBe(NOW + 60);
    expect(group.takeDue(NOW + 60).items).toEqual([]);
    expect(group.records.size).toBe(0);
  });

  it.each<[string, Outcome | NotifyFailure]>([
    ['cannot be registered', { failure: failure(), unregistered: true }],
    ['cannot be registered in a wrong home region', { failure: failure('never'), unregistered: true }],
    ['is given to a worker that is lost', failure('backoff', { type: 'WorkerLost' })],
    ['had no turn', { notBegun: true }],
  ])('and that %s is registered with the next try', (_what, outcome) => {
    const group = attachedTo();
    const round = group.takeDue(NOW);
    group.settle(round, 'retry' in outcome ? outcome : { others: { 0: outcome } }, NOW);
    expect(group.takeDue(NOW).items).toEqual([]);
    expect(group.takeDue(NOW + 30).items).toMatchObject([{ register: {}, attach: [{ name: AMI }] }]);
  });

  it.each(['never', 'register'] as const)(
    'and that cannot be registered (%s) has disassociated nothing: that was not asked for',
    (retry) => {
      const group = groupOf();
      group.attach({ ...change, disassociate: true }, NOW);
      settle(group, { failure: failure(retry), unregistered: true });
      expect(group.view('vm-1', NOW)).toMatchObject({ attachments: [{ state: 'pending', failure: { type: 'X' } }] });
      settle(group, {}, NOW + 30);
      expect(group.view('vm-1', NOW)).toMatchObject({ attachments: [{ state: 'disassociated' }] });
    },
  );

  it('but that Migration Hub holds as ended is shown so, and whether a report may follow that is asked with it', () => {
    const group = attachedTo();
    settle(group, { found: { status: 'COMPLETED', progressPercent: 100, updateDateTime: 900 } });
    expect(group.view('vm-1', NOW)).toMatchObject({
      freshness: 'terminal',
      lastDelivered: { status: 'COMPLETED', updateDateTime: 900 },
      counters: { reports: 0 },
    });
    expect(group.takeDue(NOW + 1).items).toEqual([]);
    group.take(reportOf(1), NOW + 2);
    const round = group.takeDue(NOW + 2);
    expect(round.items).toMatchObject([{ register: { ownerId: 'run' }, notification: { status: 'IN_PROGRESS' } }]);
    const found = { status: 'COMPLETED' as const, progressPercent: 100, updateDateTime: 900 };
    group.settle(round, { others: { 0: { found } } }, NOW + 2);
    expect(group.view('vm-1', NOW + 2)).toMatchObject({
      freshness: 'terminal',
      reporters: { run: { refused: { sequence: 1 } } },
    });
  });

  it('is reported after that as any other, without a second registration', () => {
    const group = attachedTo();
    settle(group, {});
    group.take(reportOf(1), NOW + 5);
    const round = group.takeDue(NOW + 5);
    expect(round.items).toMatchObject([{ notification: { status: 'IN_PROGRESS' } }]);
    expect(round.items[0]).not.toHaveProperty('register');
  });

  it('is not closed when its heartbeat workflow is cancelled: what waits is tried once', () => {
    const group = attachedTo();
    group.endOpenTasks('Cancelled', NOW);
    expect(group.hasUndelivered()).toBe(true);
    settle(group, { attachmentFailures: { 0: failure() } });
    expect(group.hasUndelivered()).toBe(false);
    expect(group.view('vm-1', NOW)).toMatchObject({ counters: { reports: 0 }, pending: undefined });
  });

  it('does not keep a cancelled heartbeat workflow for what waits behind an artifact that failed', () => {
    const group = attachedTo();
    group.attach({ ...change, name: `${AMI}2` }, NOW);
    settle(group, { attachmentFailures: { 0: failure() }, attachmentsLeft: 1 });
    expect(group.hasUndelivered()).toBe(false);
    group.attach({ ...change, name: `${AMI}3` }, NOW);
    expect(group.hasUndelivered()).toBe(true);
    settle(group, { attachmentsLeft: 1 });
    expect(group.hasUndelivered()).toBe(true);
  });
});

const artifactOf = (name = AMI): AttachmentChange => ({
  progressUpdateStream: 'S',
  migrationTaskName: 'vm-1',
  kind: 'createdArtifact',
  name,
});

it.each(['operator', 'never'] as const)(
  'a task at its end stays a week for what fails with %s, for a call an hour; then the log names it',
  (retry) => {
    const group = groupOf({ lingerSeconds: 60 });
    const answer = { stampedAt: NOW, others: { 0: { attachmentFailures: { 0: failure(retry) } } } };
    group.take(reportOf(1, { status: 'COMPLETED' }), NOW);
    group.attach(artifactOf(), NOW);
    group.settle(group.takeDue(NOW), answer, NOW);
    let now = NOW;
    let calls = 1;
    const logged: unknown[] = [];
    while (group.records.size > 0) {
      now = group.nextDueAt() as number;
      const { warnings, ...round } = group.takeDue(now);
      logged.push(...warnings);
      calls += round.items.length;
      group.settle(round, answer, now);
    }
    expect(now - NOW).toBe(7 * 86_400);
    expect(calls).toBeLessThan(7 * 24 + 8);
    // Nobody attends to it any more.
    const { attachments } = group.view('vm-1', now) as TaskStateView;
    expect(attachments).toMatchObject([{ state: 'pending', failure: { retry }, nextTryAt: undefined }]);
    expect(logged).toEqual([
      {
        message: expect.stringMatching(/^attachments of a task are given up/) as string,
        migrationTaskName: 'vm-1',
        reason: `artifact ${AMI} (X: x)`,
      },
    ]);
  },
);

it('a task at its end whose artifact Migration Hub never takes leaves once that is disassociated, and nothing is given up', () => {
  const group = groupOf({ lingerSeconds: 60 });
  const answer = { stampedAt: NOW, others: { 0: { attachmentFailures: { 0: failure('never') } } } };
  group.take(reportOf(1, { status: 'COMPLETED' }), NOW);
  group.attach(artifactOf(), NOW);
  group.settle(group.takeDue(NOW), answer, NOW);
  group.attach({ ...artifactOf(), disassociate: true }, NOW + 5);
  group.settle(group.takeDue(NOW + 30), answer, NOW + 30);
  expect(group.takeDue(NOW + 60)).toEqual({ records: [], items: [], warnings: [] });
  expect(group.records.size).toBe(0);
});

it('a task that gives way in a full group with an artifact that waits is named in the log, also where the run ends with that', () => {
  const group = groupOf();
  group.take(reportOf(1, { status: 'COMPLETED' }), NOW);
  group.attach(artifactOf(), NOW);
  const answer = { stampedAt: NOW, others: { 0: { attachmentFailures: { 0: failure('operator') } } } };
  group.settle(group.takeDue(NOW), answer, NOW);
  for (let i = 0; i < 1000; i++) group.take(reportOf(1, { migrationTaskName: `open-${i}` }), NOW);
  expect(group.records.has('vm-1')).toBe(false);
  expect(group.carried().warnings).toMatchObject([{ migrationTaskName: 'vm-1', reason: `artifact ${AMI} (X: x)` }]);
  expect(group.giveUpAttachments()).toEqual([]);
});

it('of a heartbeat workflow that is cancelled the log names what Migration Hub has not taken, and nothing else', () => {
  const group = groupOf();
  group.take(reportOf(1, { migrationTaskName: 'vm-2' }), NOW);
  for (let i = 0; i < 12; i++) group.attach(artifactOf(`${AMI}${i}`), NOW);
  const warnings = group.giveUpAttachments();
  expect(warnings.map(({ migrationTaskName }) => migrationTaskName)).toEqual(['vm-1']);
  expect(warnings[0]?.reason).toMatch(/^artifact \S+f00, artifact .*f09 and 2 more$/);
});

describe('where a call about an artifact shows that Migration Hub had forgotten the task', () => {
  const forgotten = { others: { 0: { registeredAnew: true, stateForgotten: true } } } as const;
  /** A task of which a state was delivered at `NOW`, and then forgotten; `before`: what happens while the artifact is sent. */
  function forgottenWith(more: Parameters<typeof reportOf>[1], before = (_group: ReturnType<typeof groupOf>) => {}) {
    const group = groupOf();
    group.take(reportOf(1, more), NOW);
    group.settle(group.takeDue(NOW), { stampedAt: NOW, others: {} }, NOW);
    group.attach(artifactOf(), NOW + 5);
    const round = group.takeDue(NOW + 5);
    expect(round.items).toMatchObject([{ attach: [{ name: AMI }] }]);
    before(group);
    group.settle(round, forgotten, NOW + 6);
    return group;
  }

  it.each([
    ['its end', { status: 'COMPLETED', progressPercent: 100 }],
    ['its state', { status: 'IN_PROGRESS', progressPercent: 40 }],
  ] as const)('%s is sent again as it was', (_what, state) => {
    const group = forgottenWith(state);
    expect(group.view('vm-1', NOW + 6)).toMatchObject({ pending: state, lastDelivered: state });
    const round = group.takeDue(NOW + 6);
    expect(round.items).toMatchObject([{ notification: { ...state, updateDateTime: NOW } }]);
    expect(round.items[0]).not.toHaveProperty('register');
    group.settle(round, { others: {} }, NOW + 7);
    expect(group.view('vm-1', NOW + 7)).toMatchObject({
      pending: undefined,
      counters: { reports: 1, notifications: 2 },
    });
    expect(group.takeDue(NOW + 8).items).toEqual([]);
  });

  it('a newer report goes in place of it', () => {
    const group = forgottenWith({ progressPercent: 40 }, (each) =>
      each.take(reportOf(2, { progressPercent: 50 }), NOW + 5.5),
    );
    expect(group.takeDue(NOW + 6).items).toMatchObject([{ notification: { progressPercent: 50 } }]);
    expect(group.busy.size).toBe(1);
  });

  it('nothing is sent of a task without heartbeats: it is stale at its deadline', () => {
    const group = forgottenWith({ silenceLimitSeconds: 1 }, (each) => {
      const record = each.records.get('vm-1') as TaskRecord;
      record.abandoned = { at: NOW + 5, reason: 'silent' };
    });
    expect(group.takeDue(NOW + 6).items).toEqual([]);
  });
});

it.each<[string, NonNullable<TaskStateView['attachments']>, boolean]>([
  ['nothing', [], false],
  ['one that was not tried', [{ kind: 'createdArtifact', name: AMI, state: 'pending' }], true],
  ['one that is associated', [{ kind: 'createdArtifact', name: AMI, state: 'associated' }], false],
  ['one that failed', [{ kind: 'createdArtifact', name: AMI, state: 'pending', failure: failure() }], false],
  [
    'one behind one that failed and may pass',
    [
      { kind: 'createdArtifact', name: AMI, state: 'pending', failure: failure() },
      { kind: 'createdArtifact', name: `${AMI}2`, state: 'pending' },
    ],
    false,
  ],
  [
    'one beside one that is wrong',
    [
      { kind: 'createdArtifact', name: AMI, state: 'pending', failure: failure('never') },
      { kind: 'createdArtifact', name: `${AMI}2`, state: 'pending' },
    ],
    true,
  ],
  ['a server of before', [{ kind: 'discoveredResource', name: 'd-1', state: 'pending', disassociate: true }], false],
])('that attachments wait for their first try is known of a task with %s', (_what, attachments, expected) =>
  expect(hasUntried({ attachments })).toBe(expected),
);

it('an artifact that comes long after the end of its task is tried for a week from then on', () => {
  const group = groupOf({ lingerSeconds: 60 });
  group.take(reportOf(1, { status: 'COMPLETED' }), NOW);
  group.settle(group.takeDue(NOW), { stampedAt: NOW, others: {} }, NOW);
  group.takeDue(NOW + 60);
  const later = NOW + 30 * 86_400;
  group.attach({ progressUpdateStream: 'S', migrationTaskName: 'vm-1', kind: 'createdArtifact', name: AMI }, later);
  const denied = { others: { 0: { attachmentFailures: { 0: failure('operator') } } } };
  const first = group.takeDue(later);
  expect(first.items).toHaveLength(1);
  group.settle(first, denied, later);
  expect(group.takeDue(later + 30).items).toHaveLength(1);
});

it('an artifact of a task that lingered out of its group is sent, and the task is known as before', () => {
  const group = groupOf({ lingerSeconds: 60 });
  group.take(reportOf(1, { status: 'COMPLETED', labels: { wave: 'w1' } }), NOW);
  group.settle(group.takeDue(NOW), { stampedAt: NOW, others: {} }, NOW);
  group.takeDue(NOW + 60);
  expect(group.records.size).toBe(0);
  group.attach({ progressUpdateStream: 'S', migrationTaskName: 'vm-1', kind: 'createdArtifact', name: AMI }, NOW + 90);
  const round = group.takeDue(NOW + 90);
  expect(round.items).toMatchObject([{ attach: [{ name: AMI }] }]);
  expect(round.items[0]).not.toHaveProperty('register');
  group.settle(round, { others: {} }, NOW + 90);
  expect(group.view('vm-1', NOW + 90)).toMatchObject({ freshness: 'terminal', labels: { wave: 'w1' } });
  group.takeDue(NOW + 91);
  expect(group.records.size).toBe(0);
});

it('a report whose discovered resource has no room says so once', () => {
  const group = groupOf();
  const change = { progressUpdateStream: 'S', migrationTaskName: 'vm-1', kind: 'createdArtifact' as const };
  for (let i = 0; i < MAX_ATTACHMENTS; i++) group.attach({ ...change, name: `${AMI}${i}` }, NOW);
  const told = [1, 2].map((sequence) => group.take(reportOf(sequence, { discoveredResource: 'd-server-1' }), NOW));
  expect(told).toEqual([{ attachmentLeftOut: expect.stringMatching(/50 at most/) as string }, {}]);
});

it('a report that waits for its second does not wait for an artifact as well: both go together', () => {
  const group = groupOf();
  group.take(reportOf(1), NOW);
  group.settle(group.takeDue(NOW), { stampedAt: NOW, others: {} }, NOW);
  group.take(reportOf(2), NOW + 0.2);
  group.attach({ progressUpdateStream: 'S', migrationTaskName: 'vm-1', kind: 'createdArtifact', name: AMI }, NOW + 0.3);
  expect(group.nextDueAt()).toBe(NOW + 1);
  expect(group.takeDue(NOW + 0.3).items).toEqual([]);
  expect(group.takeDue(NOW + 1).items).toMatchObject([{ notification: {}, attach: [{ name: AMI }] }]);
});

it('in a round tasks that only have attachments come after those that have a heartbeat', () => {
  const group = groupOf();
  group.take(reportOf(1, { migrationTaskName: 'vm-2' }), NOW);
  group.settle(group.takeDue(NOW), { stampedAt: NOW, others: {} }, NOW);
  const now = group.nextDueAt() as number;
  group.attach({ progressUpdateStream: 'S', migrationTaskName: 'vm-1', kind: 'createdArtifact', name: AMI }, now);
  expect(group.takeDue(now).items.map(({ migrationTaskName }) => migrationTaskName)).toEqual(['vm-2', 'vm-1']);
});
