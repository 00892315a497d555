/** The cost table of docs/performance.md. */
import { markdown } from '../table';
import { perHeartbeat } from './batches';
import { actionsAlone, PRICES_OF, schedulerAndLambda, stepFunctions, temporalCloud } from './bill';

const TASKS = 10_000;
const DAYS = 30;
const MINUTES = [5, 20, 60];
const GROUPS = [1, 100, 500];
/** Wait, and a task that calls the AWS API. */
const TRANSITIONS = 2;
/** A timer and an activity. */
const NAIVE_ACTIONS = 2;

const dollars = (value: number) => `$${Math.round(value).toLocaleString('en-US')}`;
const millions = (value: number) => `${Number((value / 1e6).toPrecision(3))} M`;

function temporalCell(actions: number): string {
  return `${millions(actions)} actions: ${dollars(actionsAlone(actions))}; ${dollars(temporalCloud(actions))}`;
}

function ofGroups(size: number, minutes: number): string {
  const { actions, perInterval } = perHeartbeat(size, minutes * 60);
  return temporalCell(beats(minutes) * perInterval * actions);
}

const beats = (minutes: number) => (TASKS * DAYS * 24 * 60) / minutes;

/** Markdown, as `npm run bench:cost` prints it. */
export function costTable(): string {
  const row = (name: string, cell: (minutes: number) => string) => [name, ...MINUTES.map(cell)];
  return [
    `${TASKS.toLocaleString('en-US')} tasks, ${DAYS} days, prices of ${PRICES_OF} (bench/prices.json):`,
    '',
    markdown(
      ['a heartbeat each', ...MINUTES.map((minutes) => `${minutes} minutes`)],
      [
        row('heartbeats, nominal', (minutes) => millions(beats(minutes))),
        ...GROUPS.map((size) => row(`this package, groups of ${size === 1 ? 'one' : size}`, (m) => ofGroups(size, m))),
        row('a workflow per task, by hand', (minutes) => temporalCell(beats(minutes) * NAIVE_ACTIONS)),
        row('Step Functions Standard', (minutes) => dollars(stepFunctions(beats(minutes) * TRANSITIONS))),
        row('EventBridge Scheduler and Lambda', (minutes) => dollars(schedulerAndLambda(beats(minutes)))),
      ],
    ),
  ].join('\n');
}

/** How many heartbeats of a group go together: why the table above looks as it does. */
export function togetherTable(): string {
  const cell = (size: number, minutes: number) => {
    const { together, events, actions } = perHeartbeat(size, minutes * 60);
    return [together, events, actions].map((value) => Number(value.toPrecision(2))).join('; ');
  };
  return markdown(
    ['heartbeats sent together; events; actions per heartbeat', ...MINUTES.map((minutes) => `${minutes} minutes`)],
    GROUPS.map((size) => [
      size === 1 ? 'groups of one' : `groups of ${size}`,
      ...MINUTES.map((minutes) => cell(size, minutes)),
    ]),
  );
}
