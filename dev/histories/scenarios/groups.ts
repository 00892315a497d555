import { readGroupNumbers, setGroupNumber } from '../../../src/client/stream-groups';
import { heartbeatWorkflowId } from '../../../src/client/heartbeat-workflow-id';
import { streamWorkflowId } from '../../../src/report';
import { until } from '../until';
import { reporter, taskOf } from './reporting';
import type { Scenario } from './scenario';

const names = ['batch-1', 'batch-2', 'batch-3', 'batch-4'];

/** Tasks of one group: all reported twice. */
const batch: Scenario = {
  name: 'batch',
  async play(stage) {
    const stream = 'Recorded-batch';
    const { report, delivered } = reporter(stage, this.name, { stream, groups: 1 });
    for (const progressPercent of [10, 50]) {
      const accepted = await Promise.all(
        names.map((migrationTaskName) => report({ migrationTaskName, progressPercent, nextUpdateSeconds: 600 })),
      );
      await Promise.all(accepted.map(delivered));
    }
    return heartbeatWorkflowId(taskOf(this.name, stream), 1);
  },
};

/** Tasks of one group whose heartbeats go together; one of them ends, one has attributes that are refused at first. */
const sharedGroup: Scenario = {
  name: 'shared-group',
  faults: [
    {
      match: { operation: 'PutResourceAttributes', stream: 'Recorded-shared' },
      times: 1,
      action: { type: 'throttle', retryAfterSeconds: 1 },
    },
  ],
  async play(stage) {
    const stream = 'Recorded-shared';
    const { report, delivered, hub } = reporter(stage, this.name, { stream, groups: 1 });
    const resourceAttributes = [{ type: 'FQDN', value: 'web-01.example.com' }];
    const accepted = await Promise.all(
      names.map((migrationTaskName, i) =>
        report({ migrationTaskName, progressPercent: 10, ...(i === 0 && { resourceAttributes }) }),
      ),
    );
    await Promise.all(accepted.map(delivered));
    await delivered(await report({ migrationTaskName: 'batch-4', status: 'COMPLETED', progressPercent: 100 }));
    await until('a heartbeat of each open task', async () => {
      let count = 0;
      for await (const { counters } of hub.list({ progressUpdateStream: stream })) if (counters.heartbeats > 0) count++;
      return count === 3;
    });
    return heartbeatWorkflowId(taskOf(this.name, stream), 1);
  },
};

/** A task that failed has left its group, which continues as new: its next attempt finds it as it was. */
const leftCarried: Scenario = {
  name: 'left-carried',
  async play(stage) {
    const stream = 'Recorded-left';
    const options = { stream, groups: 1, lingerSeconds: 0, maxHistoryEvents: 50 };
    const { deliver } = reporter(stage, this.name, options);
    const open = { migrationTaskName: 'stays-open' };
    const workflowId = heartbeatWorkflowId(taskOf(this.name, stream), 1);
    const workflow = stage.client.workflow.getHandle(workflowId);
    await deliver({ ...open, progressPercent: 1 });
    await deliver({ status: 'FAILED', progressPercent: 80, labels: { application: 'shop' } });
    const { runId } = await workflow.describe();
    for (let percent = 2; (await workflow.describe()).runId === runId; percent++)
      await deliver({ ...open, progressPercent: percent });
    await deliver({ reopen: true, progressPercent: 5 });
    return workflowId;
  },
};

/** The workflow that holds the number of groups of a stream, which is changed twice. */
const streamChanged: Scenario = {
  name: 'stream-changed',
  async play(stage) {
    const stream = 'Recorded-changed';
    await reporter(stage, this.name, { stream, groups: 2 }).deliver({ progressPercent: 10 });
    for (const groups of [3, 0]) {
      await setGroupNumber(stage.client, stream, groups);
      const isLast = async () => (await readGroupNumbers(stage.client, stream))?.groups.at(-1) === groups;
      await until(`${groups} groups`, isLast);
    }
    return streamWorkflowId(stream);
  },
};

export const groupScenarios = [batch, sharedGroup, leftCarried, streamChanged];
