import { describe, expect, it } from 'vitest';
import { deliveryNews, newTaskRecord, SUPERSEDED, type NotifyFailure, type TaskRecord } from '../../src/task-state';

const task = (migrationTaskName = 'web-01') => newTaskRecord({ progressUpdateStream: 'S', migrationTaskName });
const failure = (type: string, message = 'as AWS says'): NotifyFailure => ({ type, message, retry: 'backoff' });
const fails = (record: TaskRecord, type: string, message?: string) => {
  record.failures++;
  record.lastFailure = { ...failure(type, message), at: 0 };
};
const arrives = (record: TaskRecord) => {
  record.failures = 0;
  record.lastFailure = undefined;
};
const delivered = (record: TaskRecord, deadline: number) => {
  const state = { status: 'IN_PROGRESS', updateDateTime: deadline - 60, nextUpdateSeconds: 60, deadline } as const;
  record.lastDelivered = state;
};
const said = (records: TaskRecord[], now = 0) =>
  deliveryNews(records, now).map(({ level, message }) => `${level}: ${message}`);

const BEGINS = 'warn: reports do not reach Migration Hub; they are kept and tried again';
const ENDS = 'info: reports reach Migration Hub again';
const STALE = 'warn: tasks are stale in Migration Hub: no notification arrived by their deadline';
const WAS_STALE = 'warn: tasks were stale in Migration Hub: their notification arrived after their deadline';

describe('of a failure to deliver the log says', () => {
  it('nothing while all arrives', () => {
    expect(said([task()])).toEqual([]);
  });

  it('once that it begins, though it is tried often, and once that it is over', () => {
    const record = task();
    const lines: string[][] = [];
    for (let i = 0; i < 5; i++) {
      fails(record, 'NetworkError');
      lines.push(said([record]));
    }
    arrives(record);
    lines.push(said([record]), said([record]));
    expect(lines).toEqual([[BEGINS], [], [], [], [], [ENDS], []]);
  });

  it('also after continue-as-new only once', () => {
    const record = task();
    fails(record, 'NetworkError');
    said([record]);
    const carried = JSON.parse(JSON.stringify(record)) as TaskRecord;
    fails(carried, 'NetworkError');
    expect(said([carried])).toEqual([]);
  });

  it('that it changes: another type, not another message', () => {
    const record = task();
    fails(record, 'NetworkError', 'ECONNRESET');
    said([record]);
    fails(record, 'NetworkError', 'ECONNREFUSED');
    expect(said([record])).toEqual([]);
    fails(record, 'AccessDeniedException');
    expect(deliveryNews([record], 0)).toMatchObject([{ failure: 'AccessDeniedException', reason: 'as AWS says' }]);
  });

  it('of a throttle one line, whether Migration Hub says so or the worker holds back for it', () => {
    const record = task();
    const types = ['ThrottlingException', 'HeldBack', 'ThrottlingException'];
    const lines = types.flatMap((type) => {
      fails(record, type);
      return said([record]);
    });
    expect(lines).toEqual([BEGINS]);
  });

  it('nothing where only a newer report took the place', () => {
    const record = task();
    fails(record, SUPERSEDED.type);
    expect(said([record])).toEqual([]);
  });

  it('once that the task is stale, at each deadline that is missed', () => {
    const record = task();
    delivered(record, 100);
    fails(record, 'NetworkError');
    expect(said([record], 99)).toEqual([BEGINS]);
    fails(record, 'NetworkError');
    expect([said([record], 101), said([record], 130)]).toEqual([[STALE], []]);
    arrives(record);
    record.counters.missedDeadlines++;
    delivered(record, 200);
    expect(said([record], 140)).toEqual([ENDS]);
    fails(record, 'NetworkError');
    expect(said([record], 201)).toEqual([STALE]);
  });

  it('that a task is stale, and that this is over, also where its notification never had a turn', () => {
    const record = task();
    delivered(record, 100);
    fails(record, 'NotBegun');
    expect([said([record], 99), said([record], 101), said([record], 102)]).toEqual([[], [STALE], []]);
    arrives(record);
    record.counters.missedDeadlines++;
    delivered(record, 200);
    expect(said([record], 140)).toEqual([ENDS]);
  });

  it('that it was stale, where that is known by what arrived late: the workers were away', () => {
    const record = task();
    record.counters.missedDeadlines++;
    delivered(record, 200);
    expect([said([record], 140), said([record], 141)]).toEqual([[WAS_STALE], []]);
  });

  it('not that an ended task is stale', () => {
    const record = task();
    record.lastDelivered = { status: 'COMPLETED', updateDateTime: 40, nextUpdateSeconds: 60, deadline: 100 };
    fails(record, 'NetworkError');
    expect(said([record], 101)).toEqual([BEGINS]);
  });

  it('one line for all tasks that share it, which counts them and names a few, whatever task the message names', () => {
    const tasks = Array.from({ length: 500 }, (_, i) => task(`vm-${i}`));
    for (const each of tasks) fails(each, 'AccessDeniedException', `not on ${each.migrationTaskName}`);
    expect(deliveryNews(tasks, 0)).toEqual([
      {
        level: 'warn',
        message: BEGINS.slice('warn: '.length),
        progressUpdateStream: 'S',
        tasks: 500,
        migrationTaskNames: ['vm-0', 'vm-1', 'vm-2', 'vm-3', 'vm-4'],
        failure: 'AccessDeniedException',
        reason: 'not on vm-0',
      },
    ]);
    for (const each of tasks) arrives(each);
    expect(deliveryNews(tasks, 0)).toMatchObject([{ level: 'info', tasks: 500 }]);
  });

  it('that attachments are not taken, and that they are again', () => {
    const record = task();
    const [refused, ours] = [failure('InvalidInputException'), failure('TooManyAttachments')];
    const lines = [ours, refused, refused, undefined].map((why) => {
      record.attachments = [{ kind: 'createdArtifact', name: 'arn', state: 'pending', failure: why }];
      return said([record]);
    });
    expect(lines).toEqual([
      [],
      [
        'warn: Migration Hub does not take attachments of tasks (resource attributes, artifacts, resources); statuses are sent all the same',
      ],
      [],
      ['info: Migration Hub takes attachments of tasks again'],
    ]);
  });
});
