import { heartbeatWorkflowId, MOVE_SIGNAL } from '../../../src/report';
import { until } from '../until';
import { reporter, taskOf } from './reporting';
import type { Scenario } from './scenario';
import type { Stage } from '../stage';

/** The task is delivered, then goes to one of so many groups; gives the id of that group's workflow. */
async function move(stage: Stage, name: string, groups: number): Promise<string> {
  const { tell, workflow } = reporter(stage, name);
  await tell({ progressPercent: 40 });
  await workflow.signal(MOVE_SIGNAL, { groups });
  await workflow.result();
  return heartbeatWorkflowId(taskOf(name), groups);
}

/** Gives its task to another heartbeat workflow, passes reports on for a while, and ends. */
const moved: Scenario = {
  name: 'moved',
  async play(stage) {
    await move(stage, this.name, 3);
    return reporter(stage, this.name).workflow.workflowId;
  },
};

/** Takes over a task, and sends its next report. */
const adopted: Scenario = {
  name: 'adopted',
  async play(stage) {
    const id = await move(stage, this.name, 4);
    const { tell, held } = reporter(stage, this.name, { groups: 4 });
    await tell({ progressPercent: 70 });
    await until('the report', () => held()?.progressPercent === 70);
    return id;
  },
};

export const moveScenarios = [moved, adopted];
