import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { ReportIntake } from '../../src/activities/report-intake';
import { createReportTaskState } from '../../src/activities/report-task-state';
import { UndeliveredReports } from '../../src/activities/undelivered-reports';
import type { ReportSender } from '../../src/client/report-sender';
import type { ReportOwner, TaskReport } from '../../src/report';
import { accept, newTaskRecord, usableSettings } from '../../src/task-state';
import { reportOf } from './tasks';

interface Execution {
  workflowId: string;
  runId?: string;
}
/** What a Temporal server says of a workflow run that is not told of otherwise. */
const INFO = { type: { name: 'migrate' }, startTime: { seconds: 500, nanos: 250_000_000 } };

/**
 * `reportTaskState` in the surroundings that a worker gives it, with a heartbeat workflow that takes what it sends. `infos`: what the
 * server says of workflows, by id.
 */
function reporting(infos: Record<string, object | Error> = {}) {
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
  const described: unknown[] = [];
  const describeWorkflowExecution = ({ namespace, execution }: { namespace: string; execution: Execution }) => {
    described.push({ namespace, ...execution });
    const told = infos[execution.workflowId];
    if (told instanceof Error) return Promise.reject(told);
    const info = { execution, ...INFO, rootExecution: { workflowId: 'root' }, ...told };
    return Promise.resolve({ workflowExecutionInfo: info });
  };
  const client = {
    options: { namespace: 'home' },
    withDeadline: <T>(_end: number, work: () => Promise<T>) => work(),
    // The surroundings of an activity ask for it.
    withAbortSignal: <T>(_signal: AbortSignal, work: () => Promise<T>) => work(),
    workflowService: { describeWorkflowExecution },
  } as unknown as Client;
  return {
    record,
    sent,
    described,
    report(info: ConstructorParameters<typeof MockActivityEnvironment>[0], owner?: ReportOwner) {
      const env = new MockActivityEnvironment(info, { client, logger: new DefaultLogger('ERROR') });
      return env.run(reportTaskState, reportOf(1, { owner }));
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

  it('gives when its workflow run started, its type, and the root of its tree', async () => {
    const { report, sent, record, described } = reporting();
    await report(activity('run-1', 1000, { workflowType: 'byActivity' }));
    await report(activity('run-1', 2000, { workflowType: 'byActivity' }));
    expect(sent[0]?.owner).toMatchObject({ workflowId: 'migrate', startedAt: 500.25, rootWorkflowId: 'root' });
    expect(record.owners).toEqual([{ workflowId: 'migrate', workflowType: 'byActivity', root: 'root' }]);
    expect(described).toEqual([{ namespace: 'home', workflowId: 'migrate', runId: 'run-1' }]);
  });

  it('that says who it is gives the same; within `run`, which tells the rest, the type alone', async () => {
    const { report, sent, described } = reporting();
    const info = activity('run-1', 1000, { workflowType: 'byActivity' });
    await report(info, { ownerId: 'mine', sequence: 1 });
    expect(sent[0]?.owner).toMatchObject({ workflowType: 'byActivity', startedAt: 500.25, rootWorkflowId: 'root' });
    expect(described).toHaveLength(1);
    await report(info, { ownerId: 'run-1', workflowId: 'migrate', runId: 'run-1', sequence: 2, attempt: 'run-1/1' });
    expect(sent[1]?.owner?.workflowType).toBe('byActivity');
    expect(described).toHaveLength(1);
  });

  it.each<[string, number, object]>([
    ['begins at its start', 500.25, { executionTime: undefined }],
    ['that a retry policy or a cron schedule started begins after its back-off', 530.5, { firstRunId: 'run-0' }],
    ['of an older server, that does not tell the first run, does so, too', 530.5, { firstRunId: '' }],
    ['that is the first one begins at its start, since a signal may end its delay', 500.25, { firstRunId: 'run-1' }],
    [
      'that was reset begins when it was reset, not when the run before it did',
      500.25,
      { firstRunId: 'run-0', executionTime: { seconds: 100, nanos: 0 } },
    ],
  ])('whose run %s', async (_what, startedAt, info) => {
    const executionTime = { seconds: 530, nanos: 500_000_000 };
    const { report, sent } = reporting({ migrate: { executionTime, ...info } });
    await report(activity('run-1', 1000));
    expect(sent[0]?.owner?.startedAt).toBe(startedAt);
  });
});

describe('an activity that reports for another workflow than the one that calls', () => {
  const caller = {
    activityId: 'report',
    workflowType: 'bridge',
    workflowExecution: { workflowId: 'bridge', runId: 'bridge-run' },
  };
  const STARTED = { startTime: { seconds: 900, nanos: 0 }, rootExecution: { workflowId: 'its-root' } };
  const of = (more: Partial<ReportOwner> = {}): ReportOwner => ({
    ownerId: 'it',
    workflowId: 'it',
    sequence: 1,
    ...more,
  });

  it.each<[string, Partial<ReportOwner>, object]>([
    ['its latest run', {}, { namespace: 'home', workflowId: 'it', runId: undefined }],
    ['its run, where that is named', { runId: 'r' }, { namespace: 'home', workflowId: 'it', runId: 'r' }],
    ['its namespace, where that is named', { namespace: 'abroad' }, { namespace: 'abroad', workflowId: 'it' }],
  ])('gives the start, type and root of %s', async (_what, more, asked) => {
    const { report, sent, described } = reporting({ it: STARTED });
    await report(caller, of(more));
    expect(sent[0]?.owner).toMatchObject({ startedAt: 900, workflowType: 'migrate', rootWorkflowId: 'its-root' });
    expect(described).toEqual([asked]);
  });

  it('gives what is said of it, where that is said', async () => {
    const { report, sent } = reporting({ it: STARTED });
    const said = { startedAt: 800, workflowType: 'other', rootWorkflowId: 'another-root' };
    await report(caller, of(said));
    expect(sent[0]?.owner).toMatchObject(said);
  });

  it('gives that of an earlier run of its own, where that is named', async () => {
    const { report, sent, described } = reporting();
    await report(caller, { ownerId: 'before', workflowId: 'bridge', runId: 'run-before', sequence: 1 });
    expect(described).toMatchObject([{ workflowId: 'bridge', runId: 'run-before' }]);
    expect(sent[0]?.owner?.workflowType).toBe('migrate');
  });

  it.each([
    ['does not know', 5],
    ["does not take for one, such as a run id of the reporter's own making,", 3],
  ])('that Temporal %s reports all the same', async (_what, code) => {
    const { report, sent } = reporting({ it: Object.assign(new Error('refused'), { code }) });
    await report(caller, of({ runId: 'run 1' }));
    expect(sent[0]?.owner).toMatchObject({ workflowId: 'it', startedAt: undefined, rootWorkflowId: undefined });
  });

  it('is tried again where the server does not answer', async () => {
    const { report, sent } = reporting({ it: Object.assign(new Error('away'), { code: 14 }) });
    await expect(report(caller, of())).rejects.toThrow('away');
    expect(sent).toEqual([]);
  });

  it('in no workflow gives the same', async () => {
    const { report, sent } = reporting({ it: STARTED });
    await report({ ...caller, inWorkflow: false, workflowExecution: undefined, workflowType: undefined }, of());
    expect(sent[0]?.owner).toMatchObject({ startedAt: 900, workflowType: 'migrate', rootWorkflowId: 'its-root' });
  });
});
