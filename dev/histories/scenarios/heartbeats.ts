import { DEADLINE_ATTRIBUTE } from '../../../src/report';
import { attributesOf } from '../files';
import { chainOf } from '../chain';
import { until } from '../until';
import { heartbeatIdOf, notifying, reporter, taskOf } from './reporting';
import type { Scenario } from './scenario';

/** IndexedValueType of the API. */
const DATETIME = 6;

const throttle = { type: 'throttle', retryAfterSeconds: 1 } as const;

const start: Scenario = {
  name: 'start',
  async play(stage) {
    await reporter(stage, this.name).deliver({ progressPercent: 10, statusDetail: 'Replication began' });
    return heartbeatIdOf(this.name);
  },
};

const heartbeat: Scenario = {
  name: 'heartbeat',
  async play(stage) {
    const { deliver, view } = reporter(stage, this.name);
    await deliver({ progressPercent: 10 });
    await until('a heartbeat', async () => ((await view())?.counters.heartbeats ?? 0) >= 1);
    return heartbeatIdOf(this.name);
  },
};

/** Of a task that is registered: Temporal tries the activity again. A first report is sent again by the workflow (`denied`). */
const retry: Scenario = {
  name: 'retry',
  faults: [throttle, throttle].map((action) => ({ match: { ...notifying('retry'), nth: 2 }, action })),
  async play(stage) {
    const { deliver } = reporter(stage, this.name);
    await deliver({ progressPercent: 1 });
    await deliver({ progressPercent: 10 });
    return heartbeatIdOf(this.name);
  },
};

/** Refused for good, so that the workflow itself waits and tries again. */
const denied: Scenario = {
  name: 'denied',
  faults: [{ match: notifying('denied'), times: 1, action: { type: 'access-denied' } }],
  async play(stage) {
    await reporter(stage, this.name).deliver({ progressPercent: 10, nextUpdateSeconds: 600 });
    return heartbeatIdOf(this.name);
  },
};

const supersede: Scenario = {
  name: 'supersede',
  faults: [{ match: notifying('supersede'), times: 3, action: throttle }],
  async play(stage) {
    const { report, deliver, notified } = reporter(stage, this.name);
    await report({ progressPercent: 10 });
    await until('the older report to be on its way', () => notified() > 0);
    await deliver({ progressPercent: 50 });
    return heartbeatIdOf(this.name);
  },
};

const attributes: Scenario = {
  name: 'attributes',
  async play(stage) {
    const { deliver, held } = reporter(stage, this.name);
    await deliver({ progressPercent: 10, resourceAttributes: [{ type: 'FQDN', value: 'web-01.example.com' }] });
    await until('the attributes', () => held()?.attributes.length === 1);
    return heartbeatIdOf(this.name);
  },
};

/** Before the first report, then with another server, refused once, and after the end. */
const attachments: Scenario = {
  name: 'attachments',
  faults: [
    {
      match: { operation: 'AssociateCreatedArtifact', task: 'attachments', nth: 2 },
      action: { type: 'access-denied' },
    },
  ],
  async play(stage) {
    const { deliver, view, hub } = reporter(stage, this.name);
    const { progressUpdateStream, migrationTaskName } = taskOf(this.name);
    const task = { progressUpdateStream, migrationTaskName };
    const image = (number: number) => `arn:aws:ec2:us-west-2:123456789012:image/ami-${number}`;
    const settled = async (count: number) => {
      const { attachments = [] } = (await view()) ?? {};
      return attachments.filter(({ state }) => state !== 'pending').length === count;
    };
    await hub.associateArtifact({ ...task, name: image(1), description: 'AMI' });
    await until('the artifact', () => settled(1));
    await deliver({ progressPercent: 10, discoveredResource: 'd-server-1' });
    await deliver({ progressPercent: 20, discoveredResource: 'd-server-2' });
    await until('the other server', () => settled(3));
    await hub.associateArtifact({ ...task, name: image(2) });
    await deliver({ status: 'COMPLETED', progressPercent: 100 });
    await hub.disassociateArtifact({ ...task, name: image(1) });
    await until('the artifact that was refused once', () => settled(4));
    return heartbeatIdOf(this.name);
  },
};

/** More reports while one is on its way than a run may hold: the newest is pending when it continues as new. */
const continueAsNew: Scenario = {
  name: 'continue-as-new',
  faults: [{ match: { ...notifying('continue-as-new'), nth: 2 }, action: { type: 'slow', ms: 3000 } }],
  async play(stage) {
    const { report, delivered, deliver, notified } = reporter(stage, this.name, { maxHistoryEvents: 50 });
    await deliver({ progressPercent: 1 });
    await report({ progressPercent: 2 });
    await until('a report to be on its way', () => notified() > 1);
    const more = await Promise.all(Array.from({ length: 90 }, (_, i) => report({ progressPercent: 3 + i })));
    await Promise.all(more.slice(-1).map(delivered));
    const [, second] = await chainOf(stage.client, heartbeatIdOf(this.name));
    if (!carriesPending(attributesOf(second?.events[0])))
      throw new Error('no report was pending when the workflow continued as new: record again');
    return heartbeatIdOf(this.name);
  },
};

function carriesPending(started: Record<string, unknown>): boolean {
  const [input] = (started['input'] as { payloads?: { data: string }[] } | undefined)?.payloads ?? [];
  const { tasks = [] } = JSON.parse(Buffer.from(input?.data ?? 'e30=', 'base64').toString()) as { tasks?: object[] };
  return tasks.some((task) => 'pending' in task);
}

/** The deadline in a search attribute: set, moved by a heartbeat and by the next run, and taken away at the end. */
const deadline: Scenario = {
  name: 'deadline-attribute',
  async play(stage) {
    const { operatorService } = stage.client.connection;
    const searchAttributes = { [DEADLINE_ATTRIBUTE]: DATETIME };
    await operatorService.addSearchAttributes({ namespace: stage.client.options.namespace, searchAttributes });
    const options = { deadlineSearchAttribute: true, maxHistoryEvents: 50 };
    const { deliver, view, workflow } = reporter(stage, this.name, options);
    await deliver({ progressPercent: 10 });
    await until('a heartbeat', async () => ((await view())?.counters.heartbeats ?? 0) >= 1);
    const { runId } = await workflow.describe();
    for (let percent = 11; (await workflow.describe()).runId === runId; percent++)
      await deliver({ progressPercent: percent });
    await deliver({ status: 'COMPLETED', progressPercent: 100 });
    return heartbeatIdOf(this.name);
  },
};

export const heartbeatScenarios = [
  ...[start, heartbeat, retry, denied, supersede, attributes, attachments],
  ...[continueAsNew, deadline],
];
