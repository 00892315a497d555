/** A million tasks on paper: rates that follow from the rule, for the plan in docs/performance.md. */
import { markdown } from '../table';
import { perHeartbeat } from './batches';

const TASKS = 1_000_000;
const GROUP_SIZE = 500;
const MINUTES = [5, 20, 60];
/** CPU seconds of a worker per 1,000 notifications, as measured with 10,000 tasks (docs/performance.md). */
const WORKER_CPU_PER_THOUSAND = 0.67;

/** What a cluster, the workers and AWS must bear each second. */
function ratesAt(minutes: number) {
  const { together, actions, events, perInterval } = perHeartbeat(GROUP_SIZE, minutes * 60);
  const notifications = (TASKS * perInterval) / (minutes * 60);
  return {
    notifications,
    batches: notifications / together,
    actions: notifications * actions,
    events: notifications * events,
    cores: (notifications / 1000) * WORKER_CPU_PER_THOUSAND,
  };
}

/** Markdown, as `npm run bench:cost` prints it. */
export function planTable(): string {
  const rates = MINUTES.map(ratesAt);
  const row = (name: string, of: (rate: ReturnType<typeof ratesAt>) => number) => [
    name,
    ...rates.map((rate) => String(Number(of(rate).toPrecision(2)))),
  ];
  return markdown(
    [
      `a second, ${TASKS.toLocaleString('en-US')} tasks in groups of ${GROUP_SIZE}`,
      ...MINUTES.map((m) => `${m} minutes`),
    ],
    [
      row('notifications, each one AWS call', ({ notifications }) => notifications),
      row('batches, each one activity and one list of owners', ({ batches }) => batches),
      row('Temporal actions', ({ actions }) => actions),
      row('history events', ({ events }) => events),
      row(`worker cores, at ${WORKER_CPU_PER_THOUSAND} CPU s per 1,000`, ({ cores }) => cores),
    ],
  );
}
