import { describe, expect, it } from 'vitest';
import { heartbeatSummary, stateSummary, summaryOf } from '../../src/report';
import { roundSummary } from '../../src/task-state';
import { failure, groupOf, reportOf } from './tasks';

const bytesOf = (text: string) => Buffer.byteLength(JSON.stringify(text));

describe('a summary is one line that every Temporal server takes', () => {
  it.each([
    ['with a percent', { progressPercent: 40 }, 'web-12 IN_PROGRESS 40 %'],
    ['of no percent', {}, 'web-12 IN_PROGRESS'],
    ['of zero percent', { progressPercent: 0 }, 'web-12 IN_PROGRESS 0 %'],
  ])('of a state %s', (_what, state, expected) =>
    expect(stateSummary({ migrationTaskName: 'web-12', status: 'IN_PROGRESS', ...state })).toBe(expected),
  );

  it.each([
    ['long', 'x'.repeat(256)],
    ['of other scripts', '移行'.repeat(128)],
    ['of characters with two units', '💾'.repeat(256)],
    ['of what JSON escapes', '"\\'.repeat(128)],
  ])('a name that is %s is cut, what is said of it is not', (_what, migrationTaskName) => {
    const line = stateSummary({ migrationTaskName, status: 'IN_PROGRESS', progressPercent: 40 });
    expect(line).toMatch(/… IN_PROGRESS 40 %$/);
    expect(bytesOf(line)).toBeLessThanOrEqual(100);
    expect(bytesOf(line)).toBeGreaterThan(90);
    expect(line).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });

  it('a name of several lines becomes one', () => expect(summaryOf('a\nb\t c', '!')).toBe('a b c!'));

  it.each([
    ['mgh:DatacenterExit:web-12', 'DatacenterExit/web-12'],
    ['mgh-group:DatacenterExit:8:3', 'DatacenterExit: group 3 of 8'],
    ['mgh:DatacenterExit:sha256:0123456789abcdef0123456789abcdef', 'DatacenterExit/web-12'],
  ])('of the heartbeat workflow %s', (workflowId, expected) =>
    expect(heartbeatSummary(workflowId, { progressUpdateStream: 'DatacenterExit', migrationTaskName: 'web-12' })).toBe(
      expected,
    ),
  );
});

const taken = { stampedAt: undefined, others: {} };
/** A group to which each task has reported. */
function reported(names: string[], percent = 40) {
  const group = groupOf();
  for (const migrationTaskName of names)
    group.take(reportOf(1, { migrationTaskName, progressPercent: percent, statusDetail: 'Replicating' }), 1000);
  return group;
}
const namesOf = (count: number) => Array.from({ length: count }, (_, i) => `web-${i}`);

describe('the summary of a round', () => {
  it('of one task is its state, and says whether it is a heartbeat', () => {
    const group = reported(['web-12']);
    const report = group.takeDue(1000);
    expect(roundSummary(report)).toBe('web-12 IN_PROGRESS 40 %');
    group.settle(report, taken, 1001);
    expect(group.nextStep()).toBe('web-12: next heartbeat');
    const heartbeat = group.takeDue(group.nextDueAt() ?? 0);
    expect(roundSummary(heartbeat)).toBe('web-12 IN_PROGRESS 40 %, heartbeat');
    group.settle(heartbeat, failure(), 2300);
    expect(group.nextStep()).toBe('web-12: next try');
  });

  it('of many tasks is their number, whatever their names', () => {
    const group = reported(namesOf(17));
    const round = group.takeDue(1000);
    expect(roundSummary(round)).toBe('17 tasks');
    group.settle(round, taken, 1001);
    expect(roundSummary(group.takeDue(group.nextDueAt() ?? 0))).toBe('17 tasks (17 heartbeats)');
  });

  it('of 500 tasks adds no more to a history than that of 17', () =>
    expect(bytesOf(roundSummary(reported(namesOf(500)).takeDue(1000)))).toBeLessThan(100));
});

describe('the details of a heartbeat workflow', () => {
  it('of one task: what was delivered, until when it holds, and when it is sent again', () => {
    const group = reported(['web-12']);
    expect(group.details(1000)).toBe(
      '**web-12**: Migration Hub has nothing yet\n' +
        '- pending: IN_PROGRESS 40 %, since 1970-01-01T00:16:40Z, on its way\n' +
        '\nAs of 1970-01-01T00:16:40Z, the last step of this workflow.',
    );
    group.settle(group.takeDue(1000), taken, 1001);
    expect(group.details(1001)).toBe(
      '**web-12**: IN_PROGRESS 40 %, "Replicating", of 1970-01-01T00:16:40Z, which holds until 1970-01-01T01:16:40Z (fresh)\n' +
        '- next heartbeat: 1970-01-01T00:36:40Z\n' +
        '\nAs of 1970-01-01T00:16:41Z, the last step of this workflow.',
    );
  });

  it('of one task: what is pending, and why', () => {
    const group = reported(['web-12']);
    group.settle(group.takeDue(1000), taken, 1001);
    group.take(reportOf(2, { migrationTaskName: 'web-12', status: 'COMPLETED', progressPercent: 100 }), 1100);
    group.settle(group.takeDue(1100), failure('operator', { type: 'AccessDenied', message: 'no *rights*' }), 1101);
    const details = group.details(1101);
    expect(details).toContain(
      '- pending: COMPLETED 100 %, since 1970-01-01T00:18:20Z, 1 try in vain, the next at 1970-01-01T00:18:51Z\n',
    );
    expect(details).toContain('- last failure: AccessDenied: no \\*rights\\*\n');
    expect(details).toContain('(at-risk)');
  });

  it('of a group: numbers, and the tasks that are not fresh, of which some are named', () => {
    const group = reported(namesOf(500));
    const round = group.takeDue(1000);
    const others = Object.fromEntries(round.items.slice(0, 30).map((_, i) => [i, { failure: failure() }]));
    group.settle(round, { others }, 1001);
    const began = performance.now();
    const details = group.details(1001);
    // Of a query only: no step of the workflow pays for it.
    expect(performance.now() - began).toBeLessThan(1000);
    expect(details.split('\n')[0]).toBe('**500 tasks** of S: 30 never-delivered, 470 fresh');
    expect(details.match(/^- \*\*web-\d+\*\*: Migration Hub has nothing yet$/gm)).toHaveLength(20);
    expect(details).toContain('\n- and 10 more\n');
    expect(Buffer.byteLength(details)).toBeLessThan(20_000);
  });

  it('keep within 20,000 bytes and on their lines, whatever was said of the tasks', () => {
    const group = groupOf();
    const evil = '<script>\n# x `*['.repeat(100);
    for (const name of namesOf(60)) group.take(reportOf(1, { migrationTaskName: name, statusDetail: 'd' }), 1000);
    group.settle(group.takeDue(1000), failure('operator', { message: evil }), 1001);
    const details = group.details(1001);
    expect(Buffer.byteLength(details)).toBeLessThan(20_000);
    expect(details).not.toMatch(/^#|(?<!\\)<script/m);
  });

  it('of no task say so', () => expect(groupOf().details(1000)).toBe('No task was reported.'));

  it('of a task at its end: it holds, without a deadline', () => {
    const group = groupOf();
    group.take(reportOf(1, { status: 'COMPLETED', progressPercent: 100 }), 1000);
    group.settle(group.takeDue(1000), taken, 1001);
    expect(group.details(1001)).toMatch(/^\*\*vm-1\*\*: COMPLETED 100 %, of \S+ \(terminal\)\n\nAs of/);
    expect(group.nextStep()).toBe('vm-1: kept until then');
  });
});
