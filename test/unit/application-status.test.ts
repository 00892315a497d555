import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applicationWorkflowId } from '../../src/client/application-states';
import {
  APPLICATION_STATUSES,
  countTasks,
  isFurther,
  isOfApplication,
  statusOfTasks,
  STATUSES,
  validateApplication,
  validateApplicationOptions,
  type Status,
} from '../../src/report';

const of = (...statuses: (Status | undefined)[]) => statusOfTasks(countTasks(statuses));

describe('the status of an application follows from its tasks', () => {
  it.each<[string, (Status | undefined)[]]>([
    ['NOT_STARTED', [undefined, 'NOT_STARTED', 'NOT_STARTED']],
    ['IN_PROGRESS', ['IN_PROGRESS', 'NOT_STARTED']],
    ['IN_PROGRESS', ['FAILED', undefined]],
    ['IN_PROGRESS', ['FAILED', 'COMPLETED']],
    ['IN_PROGRESS', ['COMPLETED', 'NOT_STARTED']],
    ['COMPLETED', ['COMPLETED', 'COMPLETED']],
    ['COMPLETED', ['COMPLETED']],
    // Nobody may take an application without tasks for one that is done.
    ['NOT_STARTED', []],
  ])('%s: %j', (status, tasks) => expect(of(...tasks)).toBe(status));

  it.each<[string, number]>([
    ['COMPLETED', 1],
    ['COMPLETED', 2],
    // Somebody's task is not known: it may have FAILED.
    ['IN_PROGRESS', 3],
  ])('%s: two tasks that are COMPLETED, of %s', (status, expected) =>
    expect(statusOfTasks({ ...countTasks(['COMPLETED', 'COMPLETED']), expected })).toBe(status),
  );

  it('whatever the tasks: their order does not matter, and one that goes on never takes the application back', () => {
    const steps: (Status | undefined)[] = [undefined, ...STATUSES];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps), { minLength: 1 }), fc.nat(), (tasks, n) => {
        const { total, begun, completed, failed } = countTasks(tasks);
        expect(total).toBe(tasks.length);
        expect(begun).toBeGreaterThanOrEqual(completed + failed);
        expect(of(...[...tasks].reverse())).toBe(of(...tasks));
        const further = tasks.map((each, i) => (i === n % tasks.length ? 'COMPLETED' : each));
        expect(isFurther(of(...tasks), of(...further))).toBe(false);
      }),
    );
  });

  it('each status is further on than those before it, and than none', () => {
    const order = APPLICATION_STATUSES.map((status, i) => [
      isFurther(status, undefined),
      ...APPLICATION_STATUSES.map((than, j) => isFurther(status, than) === i > j),
    ]);
    expect(order.flat().every(Boolean)).toBe(true);
  });
});

it.each<[string | undefined, string, boolean]>([
  ['payroll', 'payroll', true],
  ['payroll, reports', 'payroll', true],
  ['payroll, reports', 'reports', true],
  ['payroll,reports ,  mail', 'reports', true],
  ['payroll, reports', 'payroll, reports', true],
  ['payroll, reports', 'report', false],
  ['payroll', 'Payroll', false],
  ['', 'payroll', false],
  [undefined, 'payroll', false],
  // A label without a value names no application.
  ['payroll,', ' ', false],
])('a server with the label %j is of the application %j: %s', (label, application, expected) =>
  expect(isOfApplication(label, application)).toBe(expected),
);

describe('what is wrong is refused with field, value and rule', () => {
  const application = { applicationId: 'd-application-1', status: 'COMPLETED' };
  it.each<[unknown, string]>([
    [null, 'the application is null, but it must be an object'],
    [{ status: 'COMPLETED' }, 'applicationId is undefined, but it must be a string'],
    [{ ...application, applicationId: '' }, 'applicationId is "", but it must have 1 to 1600 characters (has 0)'],
    [{ ...application, applicationId: 'a\nb' }, 'applicationId is "a\\nb", but it must not contain a line end'],
    [{ ...application, status: 'FAILED' }, 'it must be one of NOT_STARTED, IN_PROGRESS, COMPLETED'],
    [{ ...application, tasks: 0 }, 'tasks is 0, but it must be an integer from 1'],
    [{ ...application, tasks: 1.5 }, 'tasks is 1.5, but it must be an integer from 1'],
    [{ ...application, tasks: '10' }, 'tasks is "10", but it must be an integer from 1'],
    [{ application_id: 'x', status: 'COMPLETED' }, 'did you mean applicationId?'],
    [
      { applicationId: 'd-1', progressUpdateStream: 'S' },
      'application is undefined, but it is required unless status is set',
    ],
    [
      { applicationId: 'd-1', application: 'payroll' },
      'progressUpdateStream is undefined, but it is required unless status is set',
    ],
    [{ applicationId: 'd-1', progressUpdateStream: 'a/b', application: 'x' }, 'it must not contain "/"'],
  ])('%j', (input, why) => expect(() => validateApplication(input as never)).toThrow(why));

  it.each<[unknown, string]>([
    ['dry', 'the options is "dry", but it must be an object'],
    [{ dryRun: 'true' }, 'dryRun is "true", but it must be true or false'],
    [{ dryrun: true }, 'did you mean dryRun?'],
    [{ timeoutSeconds: 0 }, 'it must be a number of seconds from 1 to 604800'],
    [{ timeoutSeconds: Infinity }, 'it must be a number of seconds from 1 to 604800'],
  ])('options %j', (input, why) => expect(() => validateApplicationOptions(input as never)).toThrow(why));

  it('null counts as left out', () => {
    const given = { ...application, progressUpdateStream: null, application: null };
    expect(validateApplication(given as never)).toEqual(application);
    expect(validateApplicationOptions(null)).toEqual({});
  });
});

it('an application has one workflow, whose id every Temporal server takes', () => {
  expect(applicationWorkflowId('d-application-1')).toBe('mgh-application:d-application-1');
  const long = (end: string) => applicationWorkflowId('ä'.repeat(1599) + end);
  expect(Buffer.byteLength(long('x'))).toBeLessThanOrEqual(255);
  expect(long('x')).not.toBe(long('y'));
});
