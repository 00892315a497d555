import { describe, expect, it } from 'vitest';
import { InvalidReportError, validateReport } from '../../src/report';

const good = { progressUpdateStream: 'DatacenterExit', migrationTaskName: 'web-01', status: 'IN_PROGRESS' };
const check = (given: object) => validateReport(JSON.parse(JSON.stringify(given)) as never);
const refusal = (given: object): string => {
  try {
    check(given);
  } catch (error) {
    if (error instanceof InvalidReportError) return error.message;
    throw error;
  }
  return 'taken';
};
const LEAVE_OUT = 'leave it out (in Go: omitempty) where there is none';

describe('a Go struct without omitempty', () => {
  it('whose maps and slices are nil is taken: null counts as left out', () => {
    const nils = {
      labels: null,
      resourceAttributes: null,
      owner: null,
      progressPercent: null,
      nextUpdateSeconds: null,
    };
    expect(check({ ...good, ...nils, statusDetail: '', allowDecrease: false, reopen: false })).toEqual({
      ...good,
      statusDetail: '',
      allowDecrease: false,
      reopen: false,
    });
  });

  it('with the zeros that are values is taken as it is', () => {
    const zeros = { progressPercent: 0, silenceLimitSeconds: 0, statusDetail: '', labels: {} };
    expect(check({ ...good, ...zeros })).toEqual({ ...good, ...zeros });
  });

  it.each<[object, string]>([
    [{ nextUpdateSeconds: 0 }, 'nextUpdateSeconds is 0, but it must be an integer from 1 to 2147483647; '],
    [{ resourceAttributes: [] }, 'resourceAttributes is [], but it must have 1 to 100 entries; '],
    [{ owner: {} }, 'owner is {}, but it must have an ownerId and a sequence; '],
    [
      { owner: { ownerId: '', workflowId: '', runId: '', sequence: 0, startedAt: 0 } },
      'owner is {"ownerId":"","workflowId":"","runId":"","sequence":0,"start…, but it must have an ownerId and a sequence; ',
    ],
    [
      { owner: { ownerId: 'x', sequence: 1, workflowId: '' } },
      'owner.workflowId is "", but it must have 1 to 1000 characters (has 0); ',
    ],
    [{ owner: { ownerId: 'x', sequence: 1, runId: '' } }, 'owner.runId is "", but it must have 1 to '],
    [{ owner: { ownerId: 'x', sequence: 1, namespace: '' } }, 'owner.namespace is "", but it must have 1 to '],
    [
      { owner: { ownerId: 'x', sequence: 1, rootWorkflowId: '' } },
      'owner.rootWorkflowId is "", but it must have 1 to ',
    ],
    [{ owner: { ownerId: 'x', sequence: 1, attempt: '' } }, 'owner.attempt is "", but it must have 1 to '],
    [{ owner: { ownerId: 'x', sequence: 1, startedAt: 0 } }, 'owner.startedAt is 0, but it must be a number of epoch '],
    [
      { owner: { ownerId: 'x', sequence: 1, reportedAt: 0 } },
      'owner.reportedAt is 0, but it must be a number of epoch ',
    ],
  ])('is told to leave out a zero that is no value: %j', (more, why) => {
    const said = refusal({ ...good, ...more });
    expect(said).toContain(why);
    expect(said.endsWith(`; ${LEAVE_OUT}`)).toBe(true);
  });

  it.each<[object, string]>([
    [{ progressUpdateStream: '' }, 'progressUpdateStream is "", but it must have 1 to 50 characters (has 0)'],
    [{ migrationTaskName: '' }, 'migrationTaskName is "", but it must have 1 to 256 characters (has 0)'],
    [{ status: '' }, 'status is "", but it must be one of NOT_STARTED, IN_PROGRESS, FAILED, COMPLETED'],
    [{ owner: { ownerId: '', sequence: 7 } }, 'owner.ownerId is "", but it must have 1 to 1000 characters (has 0)'],
    [{ owner: { ownerId: 'x', sequence: 0 } }, 'owner.sequence is 0, but it must be an integer from 1'],
  ])('is not told so where the field is required: %j', (more, why) => {
    expect(refusal({ ...good, ...more })).toBe(why);
  });

  it('is told nothing of zeros where the value is none: NaN', () => {
    expect(() => validateReport({ ...good, progressPercent: NaN } as never)).toThrow(
      /^progressPercent is NaN, but it must be an integer from 0 to 100$/,
    );
  });

  it('without JSON tags is told the right names', () => {
    expect(refusal({ ProgressUpdateStream: 'S', MigrationTaskName: 't', Status: 'COMPLETED' })).toContain(
      'did you mean progressUpdateStream?',
    );
  });
});

it('bytes, as a Go []byte of JSON is sent, are told what to send, and of them nothing is ignored', () => {
  const ignored: string[] = [];
  const bytes = new TextEncoder().encode(JSON.stringify(good));
  expect(() => validateReport(bytes as never, { onIgnored: (message) => void ignored.push(message) })).toThrow(
    /^report is bytes, but it must be an object: send JSON \(encoding json\/plain\)$/,
  );
  expect(ignored).toEqual([]);
});

describe('a Python dict or dataclass', () => {
  it.each([
    ['progress_update_stream', 'progressUpdateStream'],
    ['migration_task_name', 'migrationTaskName'],
    ['status_detail', 'statusDetail'],
    ['progress_percent', 'progressPercent'],
    ['next_update_seconds', 'nextUpdateSeconds'],
    ['silence_limit_seconds', 'silenceLimitSeconds'],
    ['resource_attributes', 'resourceAttributes'],
    ['allow_decrease', 'allowDecrease'],
  ])('with the key %s is told that it is %s', (key, meant) => {
    const { [meant]: value = 'x', ...rest } = good as Record<string, unknown>;
    expect(refusal({ ...rest, [key]: value })).toBe(
      `${key} is "${value as string}", but there is no such field: did you mean ${meant}?`,
    );
  });

  it('with None in any place that may be left out is taken', () => {
    const report = {
      ...good,
      statusDetail: null,
      silenceLimitSeconds: null,
      labels: { wave: 'wave-1', application: null },
      owner: { ownerId: 'x', sequence: 1, workflowId: null, attempt: null, startedAt: null },
      note: null,
    };
    expect(check(report)).toEqual({ ...good, labels: { wave: 'wave-1' }, owner: { ownerId: 'x', sequence: 1 } });
  });

  it('with a float that is whole is taken: 30.0', () => {
    expect(
      validateReport(
        JSON.parse(
          '{"progressUpdateStream":"S","migrationTaskName":"t","status":"COMPLETED","progressPercent":30.0}',
        ) as never,
      ),
    ).toMatchObject({ progressPercent: 30 });
  });

  it('with None for a required field is told which', () => {
    expect(refusal({ ...good, status: null })).toContain('status is undefined, but it must be one of');
  });
});

describe('Java and .NET', () => {
  it('a Duration in seconds, as Jackson writes it, is taken', () => {
    expect(
      check(
        JSON.parse(
          '{"progressUpdateStream":"S","migrationTaskName":"t","status":"COMPLETED","nextUpdateSeconds":3600.000000000}',
        ) as object,
      ),
    ).toMatchObject({ nextUpdateSeconds: 3600 });
  });

  it.each<[string, object, string]>([
    [
      'an Optional without its module',
      { progressPercent: { present: true, value: 30 } },
      'progressPercent is {"present":true',
    ],
    [
      'an enum as a number',
      { status: 1 },
      'status is 1, but it must be one of NOT_STARTED, IN_PROGRESS, FAILED, COMPLETED',
    ],
    [
      'an enum with a name of its own',
      { status: 'InProgress' },
      'status is "InProgress", but it must be one of NOT_STARTED, IN_PROGRESS',
    ],
    ['a name in PascalCase', { ProgressPercent: 30 }, 'did you mean progressPercent?'],
    [
      'a start in milliseconds',
      { owner: { ownerId: 'x', sequence: 1, startedAt: 1_700_000_000_000 } },
      'owner.startedAt is 1700000000000, but it must be a number of epoch seconds (not milliseconds)',
    ],
  ])('%s is refused in the words of the field', (_what, more, why) => {
    expect(refusal({ ...good, ...more })).toContain(why);
  });
});
