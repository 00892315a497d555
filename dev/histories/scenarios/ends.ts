import { happens, until } from '../until';
import { USER_TASK_QUEUE } from '../stage';
import { NEXT_UPDATE_SECONDS, reporter } from './reporting';
import type { Scenario } from './scenario';

const terminal: Scenario = {
  name: 'terminal',
  async play(stage) {
    const { tell, report, workflow } = reporter(stage, this.name, { lingerSeconds: 0 });
    await tell({ progressPercent: 90 });
    await report({ status: 'COMPLETED', progressPercent: 100 });
    await workflow.result();
    return workflow.workflowId;
  },
};

const cancel: Scenario = {
  name: 'cancel',
  async play(stage) {
    const { tell, held, workflow } = reporter(stage, this.name);
    await tell({ progressPercent: 10 });
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
    const { tell, report, view, workflow } = reporter(stage, this.name);
    await tell({ status: 'COMPLETED', progressPercent: 100 });
    await report({ progressPercent: 50 });
    await until('the refusal', async () => (await view())?.counters.refused === 1);
    return workflow.workflowId;
  },
};

const reopened: Scenario = {
  name: 'reopened',
  async play(stage) {
    const { tell, workflow } = reporter(stage, this.name);
    await tell({ status: 'FAILED', progressPercent: 80, statusDetail: 'disk full' });
    await tell({ reopen: true, progressPercent: 5 });
    return workflow.workflowId;
  },
};

/** The migration that speaks for the task is terminated: a heartbeat notices, and says so. */
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
    const noticed = await happens(() => held()?.status === 'FAILED', NEXT_UPDATE_SECONDS);
    if (!noticed)
      stage.log(
        `${this.name}: not FAILED within ${NEXT_UPDATE_SECONDS} s after its owner was terminated, so the history shows` +
          ' heartbeats that go on: right only where heartbeats do not watch owners',
      );
    return workflow.workflowId;
  },
};

export const endScenarios = [terminal, cancel, refused, reopened, ownerLost];
