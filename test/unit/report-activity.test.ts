import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { ReportIntake } from '../../src/activities/report-intake';
import { createReportTaskState } from '../../src/activities/report-task-state';
import { UndeliveredReports } from '../../src/activities/undelivered-reports';
import type { ReportSender } from '../../src/client/report-sender';
import type { TaskReport } from '../../src/report';
import { accept, newTaskRecord, usableSettings } from '../../src/task-state';
import { reportOf } from './tasks';

/** `reportTaskState` in the surroundings that a worker gives it, with a heartbeat workflow that takes what it sends. */
function reporting() {
  const record = newTaskRecord(reportOf(1));
  const sent: TaskReport[] = [];
  const sender = {
    send: (_client: Client, report: TaskReport) => {
      sent.push(report);
      accept(record, report, 1000);
      return Promise.resolve('mgh:S:t');
    },
  } as unknown as ReportSender;
  const reportTaskState = createReportTaskState(new ReportIntake(usableSettings({}), sender, new UndeliveredReports()));
  const describeWorkflowExecution = () =>
    Promise.resolve({
      workflowExecutionInfo: { startTime: { seconds: 500, nanos: 250_000_000 }, rootExecution: { workflowId: 'root' } },
    });
  const client = {
    withDeadline: <T>(_end: number, work: () => Promise<T>) => work(),
    // The surroundings of an activity ask for it.
    withAbortSignal: <T>(_signal: AbortSignal, work: () => Promise<T>) => work(),
    workflowService: { describeWorkflowExecution },
  } as unknown as Client;
  return {
    record,
    sent,
    report(info: ConstructorParameters<typeof MockActivityEnvironment>[0]) {
      const env = new MockActivityEnvironment(info, { client, logger: new DefaultLogger('ERROR') });
      return env.run(reportTaskState, reportOf(1, { owner: undefined }));
    },
  };
}

describe('a standalone activity, by the information that the SDK gives of one (no server here runs them)', () => {
  const execution = (activityRunId: string, more = {}) => ({
    activityId: 'nightly-report',
    activityRunId,
    inWorkflow: false,
    workflowExecution: undefined,
    ...more,
  });

  it('that is executed again under its id reports again (R61)', async () => {
    const { report, record } = reporting();
    await report(execution('run-1', { scheduledTimestampMs: 1000 }));
    await report(execution('run-2', { scheduledTimestampMs: 2000 }));
    expect(record.counters.reports).toBe(2);
    expect(record.owners).toEqual([]);
  });

  it('counts once, however often Temporal tries it', async () => {
    const { report, record } = reporting();
    for (const attempt of [1, 2, 3]) await report(execution('run-1', { attempt, scheduledTimestampMs: 1000 }));
    expect(record.counters.reports).toBe(1);
  });
});

describe('an activity of a workflow that does not say who it is', () => {
  const activity = (runId: string, scheduledTimestampMs: number, more = {}) => ({
    activityId: 'report',
    workflowExecution: { workflowId: 'migrate', runId },
    scheduledTimestampMs,
    ...more,
  });

  it('counts once, however often Temporal tries it', async () => {
    const { report, record } = reporting();
    for (const attempt of [1, 2, 3]) await report(activity('run-1', 1000, { attempt }));
    expect(record.counters.reports).toBe(1);
  });

  it('whose id is used again, in the same run or in another one, reports again', async () => {
    const { report, record } = reporting();
    await report(activity('run-1', 1000));
    await report(activity('run-1', 2000));
    await report(activity('run-2', 2000));
    expect(record.counters.reports).toBe(3);
  });

  it('gives when its workflow run started, and the root of its tree', async () => {
    const { report, sent, record } = reporting();
    await report(activity('run-1', 1000));
    expect(sent[0]?.owner).toMatchObject({ workflowId: 'migrate', startedAt: 500.25, rootWorkflowId: 'root' });
    expect(record.owners).toEqual([{ workflowId: 'migrate', root: 'root' }]);
  });
});
