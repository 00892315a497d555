import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client';
import { heartbeatWorkflowId } from '../../src/client/heartbeat-workflow-id';
import { startHarness, until, type Harness } from './harness';
import { askAll, loseWorkflowTasks } from './lost-tasks';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { workflowCode } from '../../src/worker/workflow-bundle';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterEach(() => h.stopAll());
afterAll(() => h?.close());

const GROUPS = { Shared: 2 };
/** The lost worker takes some of them; of each workflow one must be left. */
const QUERIES = 8;
const UNHANDLED_COMMAND = 1;

/** What the lost workflow task brings, and what comes while it is lost. */
type What = 'report' | 'cancel' | 'timer' | 'result' | 'nothing';
const FORMS: { stream: string; tasks: number; first: What; second: What }[] = [
  { stream: 'Shared', tasks: 4, first: 'report', second: 'nothing' },
  { stream: 'Shared', tasks: 4, first: 'nothing', second: 'report' },
  { stream: 'ReportReport', tasks: 4, first: 'report', second: 'report' },
  { stream: 'ReportNothing', tasks: 2, first: 'report', second: 'nothing' },
  { stream: 'TimerReport', tasks: 2, first: 'timer', second: 'report' },
  { stream: 'TimerNothing', tasks: 2, first: 'timer', second: 'nothing' },
  { stream: 'ResultReport', tasks: 2, first: 'result', second: 'report' },
  { stream: 'ReportCancel', tasks: 2, first: 'report', second: 'cancel' },
  { stream: 'CancelReport', tasks: 2, first: 'cancel', second: 'report' },
];

interface Task {
  id: { progressUpdateStream: string; migrationTaskName: string };
  workflowId: string;
  first: What;
  second: What;
  newest?: string;
}
const TASKS: Task[] = FORMS.flatMap(({ stream, tasks, first, second }) =>
  Array.from({ length: tasks }, (_, i) => {
    const id = { progressUpdateStream: stream, migrationTaskName: `${first}-${second}-${i}` };
    return { id, workflowId: heartbeatWorkflowId(id, stream === 'Shared' ? GROUPS.Shared : 0), first, second };
  }),
);
const WORKFLOWS = [...new Set(TASKS.map(({ workflowId }) => workflowId))];
const first = (what: What) => TASKS.filter((task) => task.first === what);
const cancelled = ({ first, second }: Task) => first === 'cancel' || second === 'cancel';

/** Each report of the test has a detail of its own. */
let reports = 0;
function report(hub: MigrationHubClient, task: Task) {
  task.newest = `report ${++reports}`;
  // The shortest; the heartbeat is due after 14 s or so.
  const nextUpdateSeconds = task.first === 'timer' ? 45 : 3600;
  return hub.report({ ...task.id, status: 'IN_PROGRESS', nextUpdateSeconds, statusDetail: task.newest });
}

/** Of the tasks those of which Migration Hub does not hold what was reported last. */
const undelivered = (): string[] =>
  TASKS.filter((task) => {
    const { progressUpdateStream: stream, migrationTaskName: name } = task.id;
    const held = h.emulator
      .tasks()
      .find((each) => each.progressUpdateStream === stream && each.migrationTaskName === name);
    return cancelled(task) ? held?.status !== 'FAILED' : held?.statusDetail !== task.newest;
  }).map(({ id }) => `${id.progressUpdateStream}/${id.migrationTaskName}`);

async function expectDelivered(): Promise<void> {
  await until('deliveries', () => undelivered().length === 0, 90).catch(() => undefined);
  expect(undelivered()).toEqual([]);
}

it('a worker lost with workflow tasks while queries wait leaves no heartbeat workflow that cannot go on', async () => {
  const { client } = h.server.env;
  const hub = new MigrationHubClient({ client, groups: GROUPS });
  const happen = (which: 'first' | 'second') =>
    Promise.all(
      TASKS.map(async (task) => {
        if (task[which] === 'report') await report(hub, task);
        if (task[which] === 'cancel') await client.workflow.getHandle(task.workflowId).cancel();
      }),
    );
  const hubWorker = await h.startHub({ groups: GROUPS, requestTimeoutSeconds: 20 });
  await Promise.all(TASKS.map(async (task) => hub.waitForDelivery(await report(hub, task))));
  const dueAt = await Promise.all(
    first('timer').map(async ({ id }) => {
      const state = await hub.lastReportedState(id.progressUpdateStream, id.migrationTaskName);
      return state?.nextHeartbeatAt ?? 0;
    }),
  );

  // While it stops, what its activities began ends, and waits for a worker.
  await until('seven seconds before the first heartbeat', () => Date.now() / 1000 > Math.min(...dueAt) - 7);
  h.emulator.setFaults([{ match: { stream: 'ResultReport' }, action: { type: 'slow', ms: 8000 } }]);
  await Promise.all(first('result').map((task) => report(hub, task)));
  const onTheirWay = () =>
    h.emulator
      .requests()
      .filter(({ progressUpdateStream, httpStatus }) => progressUpdateStream === 'ResultReport' && !httpStatus);
  await until('their notifications to be on their way', () => onTheirWay().length === first('result').length);
  const stopped = hubWorker.stop();
  await sleep(1500);
  const asked = askAll(client, WORKFLOWS, QUERIES);
  await sleep(1500);
  await happen('first');
  await stopped;
  await until('all heartbeats to be due', () => Date.now() / 1000 > Math.max(...dueAt));
  const attached = await loseWorkflowTasks(h, WORKFLOWS);
  const waiting = WORKFLOWS.filter((workflowId) => {
    const open = asked.filter((each) => each.workflowId === workflowId && !each.ended);
    return open.length > (attached.get(workflowId) ?? 0);
  });
  await happen('second');
  h.emulator.clearFaults();

  // Queries go on while the next worker finds all this.
  const second = await h.startHub({ groups: GROUPS });
  const more = setInterval(() => asked.push(...askAll(client, WORKFLOWS, 1)), 1000);
  await expectDelivered().finally(() => clearInterval(more));
  await second.stop();
  // Without its cache the last worker has nothing but the histories.
  await h.startHub({ groups: GROUPS });
  await Promise.all(TASKS.filter((task) => !cancelled(task)).map((task) => report(hub, task)));
  await expectDelivered();

  await until('all queries to end', () => asked.every(({ ended }) => ended));
  const histories = await Promise.all(
    WORKFLOWS.map(async (workflowId) => {
      return { workflowId, history: await client.workflow.getHandle(workflowId).fetchHistory() };
    }),
  );
  const failures = histories.flatMap(({ workflowId, history }) =>
    (history.events ?? [])
      .map(({ workflowTaskFailedEventAttributes: failed }) => failed)
      // A report that comes just when the workflow ends: it takes that too.
      .filter((failed) => failed && failed.cause !== UNHANDLED_COMMAND)
      .map((failed) => `${workflowId}: ${failed?.failure?.message}`),
  );
  expect(failures).toEqual([]);
  const options = { workflowBundle: await workflowCode(), ...LOADED_MACHINE };
  const replays = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories))
    replays.push({ workflowId, error: error?.message });
  expect(replays).toEqual(histories.map(({ workflowId }) => ({ workflowId, error: undefined })));
  expect(waiting.length, 'workflows with a query that waited').toBeGreaterThanOrEqual(12);
}, 300_000);
