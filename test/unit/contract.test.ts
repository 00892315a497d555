import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createReportActivities } from '../../src/activities';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import {
  BETWEEN_STEPS,
  changeOf,
  STATE_QUERY,
  TASK_QUEUE,
  validateActivityOptions,
  validateApplication,
  validateReport,
} from '../../src/report';
import { ATTRIBUTE_TYPES } from '../../src/report/resource-attributes';

const root = join(__dirname, '../..');
const committed = readFileSync(join(root, 'contract.schema.json'), 'utf8');
const page = readFileSync(join(root, 'docs/contract.md'), 'utf8');

interface TypeSchema {
  properties: Record<string, object>;
  required?: string[];
}
const { definitions } = JSON.parse(committed) as { definitions: Record<string, TypeSchema> };

it('its patterns have only what every engine of regular expressions has, RE2 of Go among them', () => {
  const patterns = new Set<string>();
  JSON.parse(committed, (key, value: unknown) => {
    if (key === 'pattern') patterns.add(String(value));
    return value;
  });
  expect(patterns.size).toBeGreaterThan(5);
  for (const pattern of patterns) {
    // Escapes of code points, look-around, references to groups.
    expect(pattern).not.toMatch(/\\[ux\d]|\(\?[^:]/);
    expect(() => new RegExp(pattern, 'u')).not.toThrow();
  }
});

it('notifyApplicationState does not offer a time that the activity would ignore', () => {
  expect(Object.keys(definitions['ApplicationOptions']?.properties ?? {})).toEqual(['dryRun']);
});

it('what callers in other languages write as names stays as it is', () => {
  const activities = createReportActivities({} as never, {} as never, {} as never);
  expect({
    TASK_QUEUE,
    activities: Object.keys(activities).filter((name) => name !== 'cancelCaller'),
    STATE_QUERY,
    id: heartbeatWorkflowId({ progressUpdateStream: 'DatacenterExit', migrationTaskName: 'web-01' }),
    askAgain: BETWEEN_STEPS.split(':')[0],
  }).toMatchInlineSnapshot(`
    {
      "STATE_QUERY": "lastReportedState",
      "TASK_QUEUE": "migration-hub",
      "activities": [
        "reportTaskState",
        "awaitDelivery",
        "lastReportedState",
        "notifyApplicationState",
        "associateArtifact",
        "disassociateArtifact",
        "associateSourceResource",
        "disassociateSourceResource",
      ],
      "askAgain": "BetweenSteps",
      "id": "mgh:DatacenterExit:web-01",
    }
  `);
});

describe('the schema and the worker agree on', () => {
  const ajv = new Ajv({ allowUnionTypes: true, strictTuples: false });
  ajv.addSchema(JSON.parse(committed) as object, 'contract');
  const suits = ajv.getSchema('contract#/definitions/TaskReport') as (value: unknown) => boolean;
  const isTaken = (report: object) => {
    try {
      // Of a misspelt field the schema knows nothing.
      validateReport(report as never, { onIgnored: null });
      return true;
    } catch {
      return false;
    }
  };

  const strange = fc.constantFrom<unknown>(
    ...[null, '', 0, -0, 1, -1, 0.5, 44, 45, 100, 101, 2147483647, 2147483648, 1e11, 1e12, true, false, 'x', [], {}],
    ...['IN_PROGRESS', 'in_progress', 'a/b', 'a:b', 'a|b', 'a\nb', 'a\u0000b', '__proto__', [null], ['x'], { wave: 7 }],
    ...[{ wave: null }, { wave: '7' }, { '': '' }, [{ type: 'FQDN', value: 'x' }], [{ type: 'FQDN', value: 'a\nb' }]],
    ...['😀'.repeat(50), '😀'.repeat(51), '😀'.repeat(256), '😀'.repeat(257), 'x'.repeat(1000), 'x'.repeat(1001)],
  );
  const fieldsOf = (name: string, overrides: Record<string, fc.Arbitrary<unknown>> = {}) => {
    const { properties } = definitions[name] as TypeSchema;
    const each = Object.keys(properties).map((field) => [field, overrides[field] ?? strange]);
    return Object.fromEntries(each) as Record<string, fc.Arbitrary<unknown>>;
  };
  /** One or two of them: a report in which all is strange is always refused. */
  const replaced = (name: string, overrides = {}) => {
    const fields = Object.entries(fieldsOf(name, overrides)).map(([field, values]) =>
      fc.tuple(fc.constant(field), values),
    );
    return fc.array(fc.oneof(...fields), { maxLength: 2 }).map((entries) => Object.fromEntries(entries));
  };
  const owner = replaced('ReportOwner').map((more) => ({ ownerId: 'run', sequence: 1, ...more }));
  const FORMS = [
    ...['10.0.0.1', '10.0.0.256', '10.0.0.01', '10.0.1', '2001:db8:0:0:0:0:0:1', '2001:db8::1', '1:2:3:4:5:6:7'],
    ...[
      '02:00:5e:10:00:01',
      '02-00-5E-10-00-01',
      '02005e100001',
      'web-01.example.com',
      'http://web-01',
      'a,b',
      'a\u0085b',
    ],
  ];
  const attribute = replaced('ResourceAttribute', {
    type: fc.oneof(fc.constantFrom(...ATTRIBUTE_TYPES), strange),
    value: fc.oneof(fc.constantFrom(...FORMS), strange),
  }).map((more) => ({ type: 'FQDN', value: 'web-01', ...more }));
  const report = replaced('TaskReport', {
    owner: fc.oneof(owner, strange),
    resourceAttributes: fc.oneof(fc.array(attribute, { maxLength: 101 }), strange),
    labels: fc.oneof(
      fc.dictionary(fc.string({ maxLength: 9 }), fc.oneof(fc.string({ maxLength: 9 }), strange)),
      strange,
    ),
  }).map((more) => ({ progressUpdateStream: 'S', migrationTaskName: 't', status: 'IN_PROGRESS', ...more }));
  // No schema can say how long the JSON of an object may be.
  const hasLongLabels = (given: object) => JSON.stringify('labels' in given ? given.labels : null).length > 1000;

  it.each([
    ['associateArtifact', { kind: 'createdArtifact' }],
    ['disassociateArtifact', { kind: 'createdArtifact', disassociate: true }],
    ['associateSourceResource', { kind: 'sourceResource' }],
    ['disassociateSourceResource', { kind: 'sourceResource', disassociate: true }],
  ] as const)('what %s takes', (activity, asked) => {
    const suitsActivity = ajv.getSchema(`contract#/definitions/${activity}.arguments`) as (value: unknown) => boolean;
    const arns = [
      'arn:aws:ec2:us-west-2:123456789012:image/ami-1',
      'arn:aws-cn:s3:::a',
      'arn:aws:ec2',
      'arn:aws:ec2:x:1:y',
    ];
    const given = fc
      .record({
        progressUpdateStream: fc.oneof({ weight: 4, arbitrary: fc.constant('S') }, strange),
        migrationTaskName: fc.oneof({ weight: 4, arbitrary: fc.constant('t') }, strange),
        name: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...arns) }, strange),
        description: fc.oneof(fc.constantFrom(undefined, 'x'.repeat(500), 'x'.repeat(501)), strange),
        statusDetail: strange,
      })
      .map(({ description, statusDetail, ...named }) => {
        if ('disassociate' in asked) return named;
        return { ...named, description, ...(asked.kind === 'sourceResource' && { statusDetail }) };
      });
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(given, (value) => {
        let taken = true;
        try {
          changeOf(asked, value as never, null);
        } catch {
          taken = false;
        }
        seen[taken ? 'taken' : 'refused']++;
        expect(suitsActivity([JSON.parse(JSON.stringify(value))])).toBe(taken);
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(50);
  });

  it('every report: what the one takes, the other takes', () => {
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(report, (given) => {
        fc.pre(!hasLongLabels(given));
        const taken = isTaken(given);
        seen[taken ? 'taken' : 'refused']++;
        expect(suits(given)).toBe(taken);
      }),
      { numRuns: 5000 },
    );
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(500);
  });

  it('every state of an application', () => {
    const suitsArguments = ajv.getSchema('contract#/definitions/notifyApplicationState.arguments') as (
      value: unknown,
    ) => boolean;
    const isAccepted = (application: object, options: object | null) => {
      try {
        validateApplication(application as never, null);
        validateActivityOptions(options as never);
        return true;
      } catch {
        return false;
      }
    };
    const values = fc.oneof(strange, fc.constantFrom('NOT_STARTED', 'COMPLETED', 'FAILED', 'x'.repeat(1601)));
    const given = fc
      .tuple(
        fc.dictionary(
          fc.constantFrom('applicationId', 'status', 'progressUpdateStream', 'application', 'tasks'),
          fc.oneof(fc.constantFrom('x', 3), values),
        ),
        fc.constantFrom({ applicationId: 'd-application-1', status: 'COMPLETED' }, { applicationId: 'd-1' }, {}),
      )
      .map(([some, more]) => ({ ...more, ...some }));
    const options = fc.oneof(
      fc.constant(null),
      fc.dictionary(fc.constantFrom('dryRun', 'timeoutSeconds'), values, { maxKeys: 1 }),
    );
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(given, options, (application, option) => {
        const taken = isAccepted(application, option);
        seen[taken ? 'taken' : 'refused']++;
        expect(suitsArguments([application, option])).toBe(taken);
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(100);
  });

  it.each([
    ['a report without a status', { status: undefined }],
    ['a list', { owner: [] }],
    ['an owner without a sequence', { owner: { ownerId: 'x' } }],
    ['a number for an enum', { status: 1 }],
  ])('%s: refused', (_what, more) => {
    const given = JSON.parse(
      JSON.stringify({ progressUpdateStream: 'S', migrationTaskName: 't', status: 'COMPLETED', ...more }),
    ) as object;
    expect([suits(given), isTaken(given)]).toEqual([false, false]);
  });
});

describe('docs/contract.md', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  let named: Map<string, boolean>;
  beforeAll(() => {
    named = new Map(
      rows.flatMap((row) => {
        const [, names = '', isRequired = ''] = row.split(/(?<!\\)\|/);
        return [...names.matchAll(/`(\w+)`/g)].map(([, name]) => [name as string, isRequired.trim() === 'yes']);
      }),
    );
  });

  it.each(['TaskReport', 'ReportOwner', 'TaskArtifact', 'TaskSourceResource'])(
    'has a row for each field of %s, and says which are required',
    (name) => {
      const { properties, required = [] } = definitions[name] as TypeSchema;
      for (const field of Object.keys(properties))
        expect([field, named.get(field)]).toEqual([field, required.includes(field)]);
    },
  );

  it('names every type of failure of the activities, and every resource attribute type', () => {
    const code = [
      ...['activities/report-task-state.ts', 'activities/notify-application-state.ts'],
      'report/or-invalid-report.ts',
    ]
      .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
      .join('');
    const types = [...code.matchAll(/\btype: '(\w+)'/g)].map(([, type]) => type);
    expect(types.sort()).toEqual(['InvalidReport', 'NoTasks', 'NotYetDelivered', 'ReportRefused']);
    for (const type of types) expect(page).toContain(`| \`${type}\` |`);
    const { type } = definitions['ResourceAttribute']?.properties as { type: { enum: string[] } };
    for (const each of type.enum) expect(page).toContain(`\`${each}\``);
  });
});
