import { expect, it } from 'vitest';
import { UndeliveredReports } from '../../src/activities/undelivered-reports';
import type { TaskReport } from '../../src/report';

const report = (migrationTaskName: string, progressPercent?: number): TaskReport => ({
  progressUpdateStream: 'S',
  migrationTaskName,
  status: 'IN_PROGRESS',
  progressPercent,
});
const namesOf = (reports: UndeliveredReports, until = Infinity) =>
  reports.acceptedUntil(until).map((each) => `${each.report.migrationTaskName} ${each.report.progressPercent}`);

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
  const older = report('a', 10);
  reports.accepted('w', older);
  reports.accepted('w', report('a', 10));
  reports.delivered(older);
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
