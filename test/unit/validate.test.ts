import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toStatusDetail } from '../../src/report/status-detail';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { InvalidReportError, stableHash, toEpochSeconds, validateReport, type TaskReport } from '../../src/report';

const good: TaskReport = { progressUpdateStream: 'DatacenterExit', migrationTaskName: 'web-01', status: 'IN_PROGRESS' };
const refusal = (more: object): InvalidReportError => {
  try {
    validateReport({ ...good, ...more } as TaskReport);
  } catch (error) {
    return error as InvalidReportError;
  }
  throw new Error(`accepted: ${JSON.stringify(more)}`);
};
const emoji = '🚚';

describe('a report', () => {
  it.each([
    { progressUpdateStream: 'x'.repeat(50) },
    { progressUpdateStream: emoji.repeat(50) },
    { migrationTaskName: 'a/b c\nd' },
    { migrationTaskName: emoji.repeat(256) },
    { progressPercent: 0 },
    { progressPercent: 100 },
    { nextUpdateSeconds: 45 },
    { nextUpdateSeconds: 2147483647 },
    { statusDetail: '' },
    { statusDetail: 'x'.repeat(5_000_000) },
    { labels: {} },
    { resourceAttributes: [{ type: 'FQDN', value: 'web-01.example.com' }] },
  ])('just inside every limit is taken', (more) => {
    expect(validateReport({ ...good, ...more })).toMatchObject({ status: 'IN_PROGRESS' });
  });

  it.each<[string, object]>([
    ['progressUpdateStream', { progressUpdateStream: '' }],
    ['progressUpdateStream', { progressUpdateStream: emoji.repeat(51) }],
    ['progressUpdateStream', { progressUpdateStream: 'a/b' }],
    ['progressUpdateStream', { progressUpdateStream: 'a\u0007b' }],
    ['progressUpdateStream', { progressUpdateStream: undefined }],
    ['migrationTaskName', { migrationTaskName: 'x'.repeat(257) }],
    ['migrationTaskName', { migrationTaskName: 'a:b' }],
    ['migrationTaskName', { migrationTaskName: 'a|b' }],
    ['migrationTaskName', { migrationTaskName: 7 }],
    ['status', { status: 'DONE' }],
    ['progressPercent', { progressPercent: 101 }],
    ['progressPercent', { progressPercent: -1 }],
    ['progressPercent', { progressPercent: 1.5 }],
    ['progressPercent', { progressPercent: NaN }],
    ['nextUpdateSeconds', { nextUpdateSeconds: 0 }],
    ['nextUpdateSeconds', { nextUpdateSeconds: 44 }],
    ['nextUpdateSeconds', { nextUpdateSeconds: 2147483648 }],
    ['nextUpdateSeconds', { nextUpdateSeconds: 2 ** 63 }],
    ['nextUpdateSeconds', { nextUpdateSeconds: 1.5 }],
    ['statusDetail', { statusDetail: 7 }],
    ['labels', { labels: { wave: 7 } }],
    ['owner.sequence', { owner: { ownerId: 'x', sequence: 0 } }],
    ['resourceAttributes', { resourceAttributes: [] }],
    ['resourceAttributes[0].type', { resourceAttributes: [{ type: 'HOST', value: 'x' }] }],
    ['resourceAttributes[0].value', { resourceAttributes: [{ type: 'FQDN', value: '' }] }],
  ])('is refused by the name of the field: %s %j', (field, more) => {
    const error = refusal(more);
    expect(error).toBeInstanceOf(InvalidReportError);
    expect(error).toMatchObject({ name: 'InvalidReport', field });
    expect(error.message).toMatch(/^\S+ is .*, but it must/s);
    expect(error.message.length).toBeLessThan(400);
  });
});

it('a status detail becomes one line of at most 2,500 whole characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 1, max: 40 }), (text, times) => {
      const detail = toStatusDetail(text.repeat(times));
      expect([...detail].length).toBeLessThanOrEqual(2500);
      expect(detail).not.toMatch(/[\r\n\u2028\u2029]/);
      expect(Buffer.from(detail, 'utf8').toString('utf8')).toBe(detail);
    }),
  );
  expect(toStatusDetail('disk full\r\n  on volume 2')).toBe('disk full on volume 2');
  expect(toStatusDetail(emoji.repeat(2501))).toBe(emoji.repeat(2500));
  expect(toStatusDetail('a\ud83d')).toBe('a\ufffd');
});

describe('updateDateTime', () => {
  it.each<[Date | string | number, number]>([
    [new Date(1_700_000_000_900), 1_700_000_000],
    ['2023-11-14T22:13:20Z', 1_700_000_000],
    ['2023-11-15T00:13:20.999+02:00', 1_700_000_000],
    [1_700_000_000.7, 1_700_000_000],
    [0, 0],
  ])('%s is %i, rounded down so that it is never in the future', (value, seconds) => {
    expect(toEpochSeconds(value)).toBe(seconds);
  });

  it.each([1_700_000_000_000, 'yesterday', '2023-11-14', '2023-11-14T22:13:20', new Date(NaN), NaN, -1])(
    '%s is refused',
    (value) => {
      expect(() => toEpochSeconds(value)).toThrow('updateDateTime');
    },
  );
});

describe('workflow ids', () => {
  it('parse back, since no name holds a colon', () => {
    expect(heartbeatWorkflowId(good)).toBe('mgh:DatacenterExit:web-01');
    expect(heartbeatWorkflowId(good, 4)).toMatch(/^mgh-group:DatacenterExit:4:[0-3]$/);
  });

  it('stay the same in every version, and spread tasks over their groups', () => {
    expect(['', 'web-01', 'web-02', emoji].map(stableHash)).toMatchInlineSnapshot(`
      [
        447753804,
        2367681997,
        5427916,
        736697751,
      ]
    `);
    const counts = new Map<string, number>();
    for (let i = 0; i < 1000; i++) {
      const id = heartbeatWorkflowId({ ...good, migrationTaskName: `server-${i}` }, 10);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    expect(Math.min(...counts.values())).toBeGreaterThan(50);
  });
});
