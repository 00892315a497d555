import { until } from '../until';
import { USER_TASK_QUEUE } from '../stage';
import { reporter } from './reporting';
import type { Scenario } from './scenario';

const terminal: Scenario = {
  name: 'terminal',
  async play(stage) {
    const { deliver, report, workflow } = reporter(stage, this.name, { lingerSeconds: 0 });
    await deliver({ progressPercent: 90 });
    await report({ status: 'COMPLETED', progressPercent: 100 });
    await workflow.result();
    return workflow.workflowId;
  },
};

const cancel: Scenario = {
  name: 'cancel',
  async play(stage) {
    const { deliver, held, workflow } = reporter(stage, this.name);
    await deliver({ progressPercent: 10 });
    await workflow.cancel();
    await until(
      'the end of the cancelled workflow',
      async () => (await workflow.describe()).status.name === 'CANCELLED',
    );
    if (held()?.status !== 'FAILED') throw new Error(`the cancelled task is ${held()?.status}, not FAILED`);
    return workflow.workflowId;
  },
};

const refused: Scenario = {
  name: 'refused',
  async play(stage) {
    const { deliver, report, view, workflow } = reporter(stage, this.name);
    await deliver({ status: 'COMPLETED', progressPercent: 100 });
    await report({ progressPercent: 50 });
    await until('the refusal', async () => (await view())?.counters.refused === 1);
    return workflow.workflowId;
  },
};

const reopened: Scenario = {
  name: 'reopened',
  async play(stage) {
    const { deliver, workflow } = reporter(stage, this.name);
    await deliver({ status: 'FAILED', progressPercent: 80, statusDetail: 'disk full' });
    await deliver({ reopen: true, progressPercent: 5 });
    return workflow.workflowId;
  },
};

/** Its heartbeat workflow was lost after the task's end: a later report starts another one, which finds that end in Migration Hub. */
const foundTerminal: Scenario = {
  name: 'found-terminal',
  async play(stage) {
    const { deliver, report, workflow } = reporter(stage, this.name, { lingerSeconds: 0 });
    await deliver({ status: 'COMPLETED', progressPercent: 100 });
    await workflow.result();
    await report({ progressPercent: 50 });
    await workflow.result();
    return workflow.workflowId;
  },
};

/** Its heartbeat workflow was lost: the next one goes on from the percent that Migration Hub holds. */
const foundPercent: Scenario = {
  name: 'found-percent',
  async play(stage) {
    const { deliver, held, workflow } = reporter(stage, this.name);
    await deliver({ progressPercent: 60 });
    await workflow.terminate('to be recorded');
    await deliver({ progressPercent: 20 });
    if (held()?.progressPercent !== 60) throw new Error(`percent fell to ${held()?.progressPercent}`);
    return workflow.workflowId;
  },
};

/** The migration that reports is terminated: a heartbeat notices, and closes its task. */
const ownerLost: Scenario = {
  name: 'owner-lost',
  async play(stage) {
    const { held, workflow } = reporter(stage, this.name);
    const args = [this.name];
    const owner = await stage.client.workflow.start('staysOpen', {
      taskQueue: USER_TASK_QUEUE,
      workflowId: 'lost-owner',
      args,
    });
    await until("the owner's report", () => held()?.status === 'IN_PROGRESS');
    await owner.terminate('to be recorded');
    await until('the end of its task', () => held()?.status === 'FAILED');
    return workflow.workflowId;
  },
};

/** The migration completes without reporting an end: heartbeats stop. */
const ownerCompleted: Scenario = {
  name: 'owner-completed',
  async play(stage) {
    const { view, workflow } = reporter(stage, this.name);
    await stage.client.workflow.execute('reports', {
      taskQueue: USER_TASK_QUEUE,
      workflowId: 'completed-owner',
      args: [this.name],
    });
    await until('heartbeats to end', async () => (await view())?.abandoned !== undefined);
    return workflow.workflowId;
  },
};

export const endScenarios = [
  terminal,
  cancel,
  refused,
  reopened,
  foundTerminal,
  foundPercent,
  ownerLost,
  ownerCompleted,
];
