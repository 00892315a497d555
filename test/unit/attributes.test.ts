import { describe, expect, it } from 'vitest';
import { accept, newTaskRecord, type NotifyFailure, type Outcome, type TaskRecord } from '../../src/task-state';
import { attributesDueAt, attributesPut } from '../../src/task-state/attributes';
import { toView } from '../../src/task-state/view';
import { failure, groupOf, reportOf, TIMING } from './tasks';

describe('resource attributes', () => {
  const attributes = (value: string) => [{ type: 'IPV4_ADDRESS', value }];
  const said = (sequence: number, value: string) => reportOf(sequence, { resourceAttributes: attributes(value) });
  const known = (): TaskRecord => {
    const record = newTaskRecord(reportOf(1));
    accept(record, said(1, '10.0.0.1'), 1000);
    record.registered = true;
    return record;
  };
  const put = (record: TaskRecord, value: string, why?: NotifyFailure) =>
    attributesPut(record, attributes(value), why, 1000);

  it('wait until the task is registered', () => {
    const record = newTaskRecord(reportOf(1));
    accept(record, said(1, '10.0.0.1'), 1000);
    expect(attributesDueAt(record)).toBeUndefined();
    record.registered = true;
    expect(attributesDueAt(record)).toBe(0);
  });

  it('are put once, and again when they have changed', () => {
    const record = known();
    put(record, '10.0.0.1');
    accept(record, said(2, '10.0.0.1'), 1000);
    expect(attributesDueAt(record)).toBeUndefined();
    accept(record, said(3, '10.0.0.2'), 1000);
    expect(record).toMatchObject({ registered: true, resourceAttributes: attributes('10.0.0.2') });
    expect(attributesDueAt(record)).toBe(0);
  });

  it('that come in while others are put are put next', () => {
    const record = known();
    accept(record, said(2, '10.0.0.2'), 1000);
    put(record, '10.0.0.1');
    expect(record.resourceAttributes).toEqual(attributes('10.0.0.2'));
    expect(attributesDueAt(record)).toBe(0);
  });

  it('that are refused show why, and are tried again with the next report that carries them', () => {
    const record = known();
    const refusal = failure('operator', { type: 'AccessDeniedException' });
    put(record, '10.0.0.1', refusal);
    expect(toView(record, TIMING, 1000).attributesFailure).toEqual(refusal);
    expect(attributesDueAt(record)).toBeUndefined();
    accept(record, said(2, '10.0.0.1'), 1002);
    accept(record, said(3, '10.0.0.1'), 1004);
    expect(attributesDueAt(record)).toBe(1030);
  });

  it('go back to what was put before, when the newest report says so', () => {
    const record = known();
    put(record, '10.0.0.1');
    accept(record, said(2, '10.0.0.2'), 1001);
    accept(record, said(3, '10.0.0.1'), 1002);
    expect(record.resourceAttributes).toEqual(attributes('10.0.0.1'));
    put(record, '10.0.0.2');
    expect(record.resourceAttributes).toEqual(attributes('10.0.0.1'));
  });

  it.each([
    [undefined, 1030],
    [90, 1090],
  ])('that are throttled (asked to wait %s s) are tried again by themselves, at %d', (retryAfterSeconds, at) => {
    const record = known();
    put(record, '10.0.0.1', failure('backoff', { retryAfterSeconds }));
    accept(record, said(2, '10.0.0.1'), 1002);
    expect(attributesDueAt(record)).toBe(at);
    put(record, '10.0.0.1');
    expect(attributesDueAt(record)).toBeUndefined();
    expect(record.attributesFailure).toBeUndefined();
  });

  it.each<[string, Outcome]>([
    ['was throttled', { failure: failure() }],
    ['could not be registered', { failure: failure('operator'), unregistered: true }],
    ['met a newer state in Migration Hub', { found: { status: 'IN_PROGRESS', updateDateTime: 1000 } }],
    ['had no turn', { notBegun: true }],
  ])('go with the first notification, and are not lost where that %s', (_what, outcome) => {
    const group = groupOf();
    group.take(said(1, '10.0.0.1'), 1000);
    const first = group.takeDue(1000);
    expect(first.items).toMatchObject([{ register: {}, resourceAttributes: attributes('10.0.0.1') }]);
    group.settle(first, { stampedAt: 1000, others: { 0: outcome } }, 1000);
    const sent: unknown[] = [];
    for (let now = 1040; now < 1400; now += 40) {
      const round = group.takeDue(now);
      sent.push(...round.items.flatMap(({ resourceAttributes }) => resourceAttributes ?? []));
      group.settle(round, { stampedAt: now, others: {} }, now);
    }
    expect(sent).toEqual(attributes('10.0.0.1'));
  });
});
