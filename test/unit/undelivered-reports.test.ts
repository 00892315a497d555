import { expect, it } from 'vitest';
import { UndeliveredReports, type Undelivered } from '../../src/activities/undelivered-reports';
import type { AttachmentChange, TaskReport } from '../../src/report';

const report = (migrationTaskName: string, progressPercent?: number): TaskReport => ({
  progressUpdateStream: 'S',
  migrationTaskName,
  status: 'IN_PROGRESS',
  progressPercent,
});
const namesOf = (reports: UndeliveredReports, until = Infinity) =>
  reports
    .acceptedUntil(until)
    .map(({ task, report, change }) => `${task.migrationTaskName} ${change ? change.name : report?.progressPercent}`);
const artifact = (name: string, more: Partial<AttachmentChange> = {}): AttachmentChange => ({
  progressUpdateStream: 'S',
  migrationTaskName: 'a',
  kind: 'createdArtifact',
  name,
  ...more,
});

it('keeps the newest report of a task, until Migration Hub has taken just that', () => {
  const reports = new UndeliveredReports();
  reports.accepted('w', report('a', 10));
  reports.accepted('w', report('b', 10));
  reports.accepted('w', report('a', 20));
  expect(namesOf(reports)).toEqual(['b 10', 'a 20']);
  reports.taken(report('a', 10));
  reports.taken({ ...report('a', 20), status: 'FAILED' });
  reports.taken({ ...report('a', 20), statusDetail: 'another' });
  reports.taken(report('unknown', 20));
  expect(namesOf(reports)).toEqual(['b 10', 'a 20']);
  reports.taken(report('a', 20));
  expect(namesOf(reports)).toEqual(['b 10']);
});

it('takes a report without a percent for delivered with any', () => {
  const reports = new UndeliveredReports();
  reports.accepted('w', report('a'));
  reports.taken(report('a', 70));
  expect(namesOf(reports)).toEqual([]);
});

it('an older answer does not take out a newer report', () => {
  const reports = new UndeliveredReports();
  reports.accepted('w', report('a', 10));
  const [older] = reports.acceptedUntil(Infinity);
  reports.accepted('w', report('a', 10));
  reports.settled(older as Undelivered);
  expect(namesOf(reports)).toEqual(['a 10']);
});

it('tells those accepted until a time', () => {
  const reports = new UndeliveredReports();
  reports.accepted('w', report('a', 1));
  const [first] = reports.acceptedUntil(Infinity);
  expect(namesOf(reports, (first?.at ?? 0) - 1)).toEqual([]);
  expect(namesOf(reports, first?.at)).toEqual(['a 1']);
});

it('remembers 10,000 tasks, those accepted last', () => {
  const reports = new UndeliveredReports();
  for (let i = 0; i < 10_010; i++) reports.accepted('w', report(`t${i}`, 1));
  expect(namesOf(reports)).toHaveLength(10_000);
  expect(namesOf(reports)[0]).toBe('t10 1');
});

it('keeps the newest change of an attachment, beside the report of its task, until just that was tried', () => {
  const reports = new UndeliveredReports();
  reports.accepted('w', report('a', 10));
  for (const change of [artifact('ami-1'), artifact('ami-2'), artifact('ami-1', { description: 'AMI' })])
    reports.attached('w', change);
  expect(namesOf(reports)).toEqual(['a 10', 'a ami-2', 'a ami-1']);
  const task = report('a');
  reports.tried(task, { kind: 'createdArtifact', name: 'ami-1' });
  reports.tried(task, { kind: 'createdArtifact', name: 'ami-1', disassociate: true });
  reports.tried(task, { kind: 'sourceResource', name: 'ami-2' });
  reports.tried(task, { kind: 'createdArtifact', name: 'unknown' });
  reports.tried(task, { kind: 'resourceAttributes', resourceAttributes: [] });
  reports.tried(report('b'), { kind: 'createdArtifact', name: 'ami-2' });
  expect(namesOf(reports)).toHaveLength(3);
  reports.tried(task, { kind: 'createdArtifact', name: 'ami-1', description: 'AMI' });
  reports.taken(report('a', 10));
  expect(namesOf(reports)).toEqual(['a ami-2']);
  for (const each of reports.acceptedUntil(Infinity)) reports.settled(each);
  expect(namesOf(reports)).toEqual([]);
});
