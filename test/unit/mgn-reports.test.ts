import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPORTED_CALLS } from '../../src/events/mgn-api-calls';
import { mgnReports, REPORTED_DETAIL_TYPES, type MgnReport } from '../../src/events/mgn-reports';
import { LIFECYCLE_STATES, MGN_STATES, type MgnState } from '../../src/events/mgn-states';
import { ACCOUNT, call, calls, launch, lifecycle, replication, SERVER } from '../fixtures/mgn-events';

const PAGE = readFileSync(join(__dirname, '../../docs/mgn-events.md'), 'utf8');

function reportsOf(event: unknown): MgnReport[] {
  const read = mgnReports(event);
  if ('ignored' in read) throw new Error(read.ignored);
  return read.reports;
}
const ignored = (event: unknown, filter = {}) => (mgnReports(event, filter) as { ignored: string }).ignored;

describe('an event', () => {
  const EVERY: [MgnState, object][] = [
    ...LIFECYCLE_STATES.map((state): [MgnState, object] => [state, lifecycle(state)]),
    ...(['TEST', 'CUTOVER'] as const).flatMap((of): [MgnState, object][] => [
      [`${of}_LAUNCH_SUCCEEDED`, launch(`${of}_LAUNCH_SUCCEEDED`)],
      [`${of}_LAUNCH_FAILED`, launch(`${of}_LAUNCH_FAILED`)],
    ]),
    ['STALLED', replication('STALLED')],
    ['NOT_STALLED', replication('NOT_STALLED')],
    ...Object.entries(calls).map(([state, event]): [MgnState, object] => [state as MgnState, event()]),
  ];

  it('of every state there is', () => {
    expect(new Set(EVERY.map(([state]) => state))).toEqual(new Set(Object.keys(MGN_STATES)));
  });

  it.each(EVERY)('that says %s is reported as the table has it', (state, event) => {
    const { status, progressPercent, statusDetail } = MGN_STATES[state];
    const [report] = reportsOf(event);
    expect(report).toMatchObject({ sourceServerId: SERVER, state, status });
    expect(report?.progressPercent).toBe(progressPercent);
    expect(report?.statusDetail).toContain(statusDetail);
  });

  it('of a launch names its job', () => {
    expect(reportsOf(launch('CUTOVER_LAUNCH_FAILED'))[0]?.statusDetail).toBe(
      'MGN: Cutover launch failed (mgnjob-0a1b2c3d4e5f6a7b8)',
    );
  });

  it.each(['a\nb', '', 7, null, 'mgnjob-\u0000'])('of a launch without the id of a job does not name %j', (job) => {
    const event = { ...launch('TEST_LAUNCH_FAILED'), detail: { state: 'TEST_LAUNCH_FAILED', 'job-id': job } };
    expect(reportsOf(event)[0]?.statusDetail).toBe('MGN: Test launch failed');
  });

  it('that names its source server twice, or others too, is reported of each once', () => {
    const event = lifecycle('READY_FOR_TEST');
    const other = 's-bbbbbbbbbbbbbbbbb';
    const resources = [...event.resources, ...lifecycle('READY_FOR_TEST', 0, other).resources, ...event.resources];
    expect(reportsOf({ ...event, resources }).map(({ sourceServerId }) => sourceServerId)).toEqual([SERVER, other]);
  });

  it('as the user guide prints it, asterisks included, is read', () => {
    const printed = { ...launch('*TEST_LAUNCH_SUCCEEDED*'), time: '2016-08-22T20:12:19Z' };
    (printed.detail as Record<string, unknown>)['job-id'] = '*mgnjob-04ca7d0d3fb6afa3e*';
    expect(reportsOf(printed)).toMatchObject([
      { state: 'TEST_LAUNCH_SUCCEEDED', statusDetail: 'MGN: Test instance launched (mgnjob-04ca7d0d3fb6afa3e)' },
    ]);
  });

  it('of a call for several servers is reported of each once', () => {
    const other = 's-bbbbbbbbbbbbbbbbb';
    const reports = reportsOf(call('StartCutover', { sourceServerIDs: [SERVER, other, SERVER] }));
    expect(reports.map(({ sourceServerId, state }) => [sourceServerId, state])).toEqual([
      [SERVER, 'CUTTING_OVER'],
      [other, 'CUTTING_OVER'],
    ]);
  });

  it('of a later second has a higher sequence; in one second the state further down the table has', () => {
    const sequence = (event: object) => reportsOf(event)[0]?.owner.sequence ?? 0;
    expect(sequence(lifecycle('READY_FOR_TEST', 1))).toBeGreaterThan(sequence(calls.CUTOVER(0)));
    const inOneSecond = Object.keys(MGN_STATES).filter((state) => !MGN_STATES[state as MgnState].isReplication);
    const sequences = inOneSecond.map((state) =>
      sequence(LIFECYCLE_STATES.includes(state as MgnState) ? lifecycle(state, 7) : launch(state, 7)),
    );
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });
});

const WRONG: [what: string, event: unknown, reason: RegExp][] = [
  ['null', null, /^the event is null, but it must be a JSON object$/],
  ['a list', [lifecycle('TESTING')], /^the event is \[.*but it must be a JSON object$/],
  ['a text', 'event', /^the event is "event"/],
  [
    'another service',
    { ...lifecycle('TESTING'), source: 'aws.ec2' },
    /^source is "aws.ec2", but it must be "aws.mgn"$/,
  ],
  ['no type', { ...lifecycle('TESTING'), 'detail-type': undefined }, /^detail-type is undefined/],
  [
    'another type',
    { ...lifecycle('TESTING'), 'detail-type': 'MGN Agent Install' },
    /^detail-type is "MGN Agent Install"/,
  ],
  ['a type that is a name of JavaScript', { ...lifecycle('TESTING'), 'detail-type': 'constructor' }, /^detail-type/],
  ['no account', { ...lifecycle('TESTING'), account: 111122223333 }, /^account is 111122223333/],
  ['no region', { ...lifecycle('TESTING'), region: '' }, /^region is ""/],
  ['no time', { ...lifecycle('TESTING'), time: undefined }, /^time is undefined, but it must be a time such as/],
  ['a time without an offset', { ...lifecycle('TESTING'), time: '2024-03-02T09:00:00' }, /^time is "2024/],
  ['a time in milliseconds', { ...lifecycle('TESTING'), time: 1772442000000 }, /^time is 1772442000000/],
  ['a time before all', { ...lifecycle('TESTING'), time: '1970-01-01T00:00:00Z' }, /^time is "1970/],
  ['a time to come', { ...lifecycle('TESTING'), time: '2999-01-01T00:00:00Z' }, /900 s ahead of the clock here$/],
  ['no detail', { ...lifecycle('TESTING'), detail: null }, /^detail is null, but it must be a JSON object$/],
  ['no state', { ...lifecycle('TESTING'), detail: {} }, /^detail.state is undefined, but it must be one of DISCOVERED/],
  ['a state of another type', lifecycle('STALLED'), /^detail.state is "STALLED", but it must be one of DISCOVERED/],
  ['an unknown state', launch('LAUNCHED'), /^detail.state is "LAUNCHED", but it must be one of TEST_LAUNCH_FAILED/],
  ['no resources', { ...lifecycle('TESTING'), resources: undefined }, /^resources is undefined/],
  [
    'another resource',
    { ...lifecycle('TESTING'), resources: [`arn:aws:ec2:us-west-2:${ACCOUNT}:instance/i-1`, 7] },
    /must have the ARN of a source server$/,
  ],
  ['a call of another service', call('StartTest', {}, 0, { eventSource: 'drs.amazonaws.com' }), /^eventSource is "drs/],
  [
    'a call of no meaning',
    call('MarkAsArchived', { sourceServerID: SERVER }),
    /^eventName is "MarkAsArchived", but only/,
  ],
  ['a call named toString', call('toString', { sourceServerID: SERVER }), /^eventName is "toString"/],
  [
    'a call that failed',
    call('FinalizeCutover', { sourceServerID: SERVER }, 0, { errorCode: 'ConflictException' }),
    /^errorCode is "ConflictException", but only calls that succeeded/,
  ],
  [
    'a call for no server',
    call('StartTest', { sourceServerIDs: [] }),
    /^requestParameters is .*must name a source server/,
  ],
  ['a call without parameters', call('StartTest', null), /^requestParameters is null/],
  ['a call for no id', call('FinalizeCutover', { sourceServerID: 'web-01' }), /^the source server is "web-01"/],
  [
    'a call to an unknown state',
    call('ChangeServerLifeCycleState', { sourceServerID: SERVER, lifeCycle: { state: 'DONE' } }),
    /^requestParameters.lifeCycle.state is "DONE"/,
  ],
  [
    'a server that is disconnected after its cutover',
    call('DisconnectFromService', { sourceServerID: SERVER }, 0, {
      responseElements: { lifeCycle: { state: 'CUTOVER' } },
    }),
    /disconnected after its cutover/,
  ],
];

it.each(WRONG)('%s is ignored with the reason', (_what, event, reason) => {
  expect(ignored(event)).toMatch(reason);
});

describe('only some accounts or regions', () => {
  const other = '444455556666';

  it('ignore servers of others, with the reason', () => {
    expect(ignored(lifecycle('TESTING'), { accounts: [other] })).toBe(
      `account is "${ACCOUNT}", but only ${other} are reported`,
    );
    expect(ignored(calls.CUTOVER(), { regions: ['eu-west-1', 'eusc-de-east-1'] })).toBe(
      'region is "us-west-2", but only eu-west-1, eusc-de-east-1 are reported',
    );
    expect(mgnReports(lifecycle('TESTING'), { accounts: [ACCOUNT], regions: ['us-west-2'] })).toHaveProperty('reports');
  });

  it('take the account of the server where an administrator called', () => {
    const event = call('FinalizeCutover', { accountID: other, sourceServerID: SERVER });
    expect(mgnReports(event, { accounts: [other] })).toHaveProperty('reports');
    expect(ignored(event, { accounts: [ACCOUNT] })).toMatch(/^account is "444455556666"/);
  });

  it.each([
    [{ accounts: ['1111'] }, /^accounts is .*12 digits/],
    [{ accounts: [] }, /^accounts is \[\]/],
    [{ regions: 'us-west-2' }, /^regions is "us-west-2"/],
    [{ region: ['us-west-2'] }, /did you mean regions\?$/],
  ])('are refused if wrong: %j', (filter, message) => {
    expect(() => mgnReports(lifecycle('TESTING'), filter as object)).toThrow(message);
  });
});

describe('docs/mgn-events.md', () => {
  it('has the table of states', () => {
    for (const [state, { status, progressPercent, statusDetail, beginsAttempt }] of Object.entries(MGN_STATES)) {
      const cells = [
        `\`${state}\``,
        status,
        progressPercent ?? 'as before',
        statusDetail,
        beginsAttempt ? 'yes' : 'no',
      ];
      expect(PAGE).toContain(`\n| ${cells.join(' | ')} | `);
    }
  });

  it('has a rule that matches what is read, and nothing else', () => {
    const patterns = [...PAGE.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => JSON.parse(text) as object);
    const rule = patterns.find((each) => 'source' in each) as {
      source: string[];
      $or: { 'detail-type': string[]; detail?: { eventSource: string[]; eventName: string[] } }[];
    };
    expect(rule.source).toEqual(['aws.mgn']);
    expect(rule.$or.flatMap((each) => each['detail-type']).sort()).toEqual([...REPORTED_DETAIL_TYPES].sort());
    const [apiCalls] = rule.$or.flatMap(({ detail }) => (detail ? [detail] : []));
    expect(apiCalls).toEqual({ eventSource: ['mgn.amazonaws.com'], eventName: REPORTED_CALLS });
  });
});
