import type { BoardTask, Timeline, TaskEvent } from '../../src/board/wire';
import type { Status } from '../../src/report';

/** How many tasks in how many waves, and how they are called. */
export interface Programme {
  tasks: number;
  perWave: number;
  stream?: string;
}

const APPLICATIONS = ['billing', 'crm', 'erp', 'intranet', 'warehouse'];
const KINDS = ['app', 'db', 'file', 'web'];
const STEPS = [
  'Installing the agent',
  'Replicating 412 of 640 GB',
  'Waiting for the cutover window',
  'Testing the target',
  'Cutting over',
];
const NEXT_UPDATE_SECONDS = 3600;

/** The same numbers each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function statusOf(progress: number, random: number): Status {
  if (progress >= 1) return random < 0.06 ? 'FAILED' : 'COMPLETED';
  return progress > 0 ? 'IN_PROGRESS' : 'NOT_STARTED';
}

/** Tasks of a programme that is amid its waves at `now`: the early waves are over, the last ones have not begun. */
export function sampleTasks({ tasks, perWave, stream = 'DatacenterExit' }: Programme, now: number): BoardTask[] {
  const random = numbers(7);
  const waves = Math.ceil(tasks / perWave);
  return Array.from({ length: tasks }, (_, i) => {
    const wave = Math.floor(i / perWave);
    const application = APPLICATIONS[Math.floor(random() * APPLICATIONS.length)] as string;
    const name = `${application}-${KINDS[i % KINDS.length]}-${String(i + 1).padStart(3, '0')}`;
    const progress = Math.max(0, 1.9 - (3.2 * wave) / waves + random() * 0.7 - 0.35);
    return taskOf(name, stream, { wave: `wave-${wave + 1}`, application }, statusOf(progress, random()), random, now);
  });
}

function taskOf(
  migrationTaskName: string,
  progressUpdateStream: string,
  labels: Record<string, string>,
  status: Status,
  random: () => number,
  now: number,
): BoardTask {
  const isOver = status === 'COMPLETED' || status === 'FAILED';
  const trouble = isOver ? 1 : random();
  const age = trouble < 0.02 ? NEXT_UPDATE_SECONDS + 400 : trouble < 0.05 ? 2900 : Math.floor(random() * 1100);
  const updateDateTime = Math.floor(now - (isOver ? age * 40 : age));
  const progressPercent = status === 'COMPLETED' ? 100 : status === 'NOT_STARTED' ? 0 : Math.floor(5 + random() * 90);
  const isFailing = trouble < 0.05;
  const failure = {
    type: trouble < 0.02 ? 'AccessDeniedException' : 'ServiceUnavailableException',
    message: trouble < 0.02 ? 'not authorized to perform mgh:NotifyMigrationTaskState' : 'the service is not available',
    retry: trouble < 0.02 ? ('operator' as const) : ('backoff' as const),
    at: now - 12,
  };
  const reports = 1 + Math.floor(progressPercent / 10);
  return {
    progressUpdateStream,
    migrationTaskName,
    labels,
    lastDelivered: {
      status,
      progressPercent,
      statusDetail: detailOf(status, progressPercent),
      updateDateTime,
      nextUpdateSeconds: NEXT_UPDATE_SECONDS,
      deadline: updateDateTime + NEXT_UPDATE_SECONDS,
    },
    ...(isFailing && {
      pending: {
        status,
        progressPercent: Math.min(99, progressPercent + 4),
        acceptedAt: now - 130,
        attempts: trouble < 0.02 ? 5 : 2,
        nextTryAt: now + 18 + Math.floor(random() * 10),
      },
      lastFailure: failure,
    }),
    nextHeartbeatAt: isOver ? undefined : isFailing ? now + 18 : updateDateTime + NEXT_UPDATE_SECONDS / 3,
    freshness: isOver ? 'terminal' : trouble < 0.02 ? 'stale' : isFailing ? 'at-risk' : 'fresh',
    counters: {
      reports,
      notifications: reports + 7,
      heartbeats: 7,
      retries: 1,
      missedDeadlines: trouble < 0.02 ? 1 : 0,
      refused: 0,
    },
    owners: [`migrate-${migrationTaskName}`],
  };
}

function detailOf(status: Status, percent: number): string | undefined {
  if (status === 'COMPLETED') return 'Cut over; the source is switched off';
  if (status === 'FAILED') return 'The replication of volume D: does not start: no route to the staging network';
  return status === 'IN_PROGRESS' ? STEPS[Math.min(STEPS.length - 1, Math.floor(percent / 20))] : 'Planned';
}

/** What the history of such a task would tell. */
export function sampleTimeline(task: BoardTask, now: number): Timeline {
  const { lastDelivered, pending, lastFailure, owners, counters } = task;
  const by = { workflowId: owners[0] };
  const entries: TaskEvent[] = [{ at: now - 9000, what: 'report', status: 'IN_PROGRESS', progressPercent: 1, by }];
  const add = (...more: TaskEvent[]) => entries.unshift(...more.reverse());
  add({ at: now - 8999, what: 'notification', status: 'IN_PROGRESS', progressPercent: 1 });
  if (lastDelivered) {
    const { status, progressPercent, statusDetail, updateDateTime: at } = lastDelivered;
    const state = { status, progressPercent, statusDetail };
    add({ at: at - 1201, what: 'report', ...state, by }, { at: at - 1200, what: 'notification', ...state });
    const { retries, missedDeadlines } = counters;
    add({ at, what: 'heartbeat', ...state, retries, ...(missedDeadlines > 0 && { late: true as const }) });
  }
  if (pending && lastFailure) {
    const { status, progressPercent, statusDetail, acceptedAt } = pending;
    const state = { status, progressPercent, statusDetail };
    const why = `${lastFailure.type}: ${lastFailure.message}`;
    add(
      { at: acceptedAt, what: 'report', ...state, by },
      { at: lastFailure.at, what: 'failure', ...state, reason: why },
    );
  }
  return { isCut: false, entries };
}

const LONG = 'a-very-long-name-without-any-space-'.repeat(8).slice(0, 256);
const ODD_NAMES = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '{{7*7}} ${alert(1)}',
  LONG,
  'שרת מסד נתונים 1',
  '\u202egnp.exe',
  'line\nbreak\ttab\u0000nul',
  '🖥️ server 🇪🇺',
  '  spaces  ',
  '..',
  '__proto__',
];

/** Tasks whose names, labels and details are as odd as Migration Hub lets them be. */
export function oddTasks(now: number): BoardTask[] {
  const [model] = sampleTasks({ tasks: 1, perWave: 1 }, now);
  return ODD_NAMES.flatMap((name, i) => {
    const state = { updateDateTime: now, nextUpdateSeconds: 60, deadline: now + 60 };
    const delivered = { status: 'IN_PROGRESS' as const, progressPercent: i * 10, statusDetail: name, ...state };
    const odd: BoardTask = {
      ...(model as BoardTask),
      migrationTaskName: name,
      labels: JSON.parse(
        `{"wave":${JSON.stringify(name)},"application":${JSON.stringify(name)},"__proto__":"x"}`,
      ) as never,
      lastDelivered: delivered,
      freshness: 'fresh',
      owners: [name],
      abandoned: { at: now, reason: name },
    };
    return [
      odd,
      { ...odd, labels: {}, lastDelivered: undefined, progressUpdateStream: name.replace(/[/:|]/g, '').slice(0, 50) },
    ];
  });
}
