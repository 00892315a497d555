import type { EmulatorTask } from '../src/emulator';
import { byTask, isTerminal, type Call } from './calls';

/**
 * A report that was accepted. Its `id` is its StatusDetail, so that it is known again. Times are epoch seconds: it was accepted
 * somewhen between `sentAt` and `acceptedAt`.
 */
export interface AcceptedReport {
  task: string;
  id: string;
  status: string;
  reporter: string;
  /** Rises with each report of one reporter about one task. */
  sequence: number;
  sentAt: number;
  acceptedAt: number;
}

/** Each finding is a sentence; their number is the figure. */
export type Findings = string[];

type Held = Pick<EmulatorTask, 'migrationTaskName' | 'status' | 'statusDetail'>;

/** `a` was accepted before `b`, beyond doubt. */
const isBefore = (a: AcceptedReport, b: AcceptedReport): boolean =>
  a.reporter === b.reporter ? a.sequence < b.sequence : a.acceptedAt < b.sentAt;

/** The reports that may be the newest of a task: none was surely accepted after them. */
export function newestOf(reports: AcceptedReport[]): AcceptedReport[] {
  const last = new Map<string, AcceptedReport>();
  for (const report of reports) {
    const known = last.get(report.reporter);
    if (!known || known.sequence < report.sequence) last.set(report.reporter, report);
  }
  const ends = [...last.values()];
  return ends.filter((report) => !ends.some((other) => isBefore(report, other)));
}

/**
 * Tasks of which Migration Hub does not hold the newest accepted report in the end. After a terminal report nothing else is accepted;
 * `cancelled` tasks are closed by FAILED with a detail that nobody reported.
 */
export function lost(reports: AcceptedReport[], tasks: Held[], cancelled: ReadonlySet<string> = new Set()): Findings {
  const held = new Map(tasks.map((task) => [task.migrationTaskName, task]));
  return [...byTask(reports)].flatMap(([task, all]) => {
    const { status = null, statusDetail = null } = held.get(task) ?? {};
    if (cancelled.has(task) && status === 'FAILED') return [];
    const ends = all.filter((report) => isTerminal(report.status));
    const wanted = cancelled.has(task) ? ends : ends.length > 0 ? ends : newestOf(all);
    if (wanted.some((report) => report.id === statusDetail && report.status === status)) return [];
    const should = wanted.map(({ id }) => `"${id}"`).join(' or ') || 'FAILED';
    return [`${task}: Migration Hub holds ${status ?? 'nothing'} "${statusDetail ?? ''}" and not ${should}`];
  });
}

/** Notifications that arrived after one of a later report of the same task, and times that go back or are ahead of the arrival. */
export function reordered(reports: AcceptedReport[], calls: Call[]): Findings {
  const known = new Map(reports.map((report) => [`${report.task}\n${report.id}`, report]));
  return [...byTask(calls)].flatMap(([task, arrived]) => {
    const findings: Findings = [];
    const seen = new Map<string, AcceptedReport>();
    let lastSent: AcceptedReport | undefined;
    let newestTime = -Infinity;
    for (const { at, detail, updateDateTime } of arrived) {
      if (updateDateTime > at) findings.push(`${task}: "${detail}" says ${updateDateTime}, but it arrived at ${at}`);
      if (updateDateTime < newestTime)
        findings.push(`${task}: "${detail}" says ${updateDateTime} after one that said ${newestTime}`);
      newestTime = Math.max(newestTime, updateDateTime);
      const report = known.get(`${task}\n${detail}`);
      if (!report) continue;
      const newer = [seen.get(report.reporter), lastSent].find((earlier) => earlier && isBefore(report, earlier));
      if (newer) findings.push(`${task}: "${detail}" came after "${newer.id}", which was accepted later`);
      const ofReporter = seen.get(report.reporter);
      if (!ofReporter || ofReporter.sequence < report.sequence) seen.set(report.reporter, report);
      if (!lastSent || lastSent.sentAt < report.sentAt) lastSent = report;
    }
    return findings;
  });
}

/** Requests with the task and UpdateDateTime of an earlier one, and another body. */
export function changedDuplicates(calls: Call[]): Findings {
  const first = new Map<string, string>();
  return calls.flatMap(({ task, updateDateTime, text }) => {
    const key = `${task}\n${updateDateTime}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, text);
    return before === undefined || before === text ? [] : [`${task}: ${text} was ${before} before`];
  });
}

/** All seconds in which a living task was stale, and of which tasks. */
export function stale(tasks: Pick<EmulatorTask, 'migrationTaskName' | 'staleSeconds'>[]): {
  seconds: number;
  findings: Findings;
} {
  const late = tasks.filter(({ staleSeconds }) => staleSeconds > 0);
  const seconds = late.reduce((sum, { staleSeconds }) => sum + staleSeconds, 0);
  return {
    seconds: Math.round(seconds * 1000) / 1000,
    findings: late.map(({ migrationTaskName, staleSeconds }) => `${migrationTaskName} was stale for ${staleSeconds} s`),
  };
}

/** Tasks that should have ended and have no terminal state, or two, or anything after it. */
export function wrongEnds(calls: Call[], ended: Iterable<string>): Findings {
  const all = byTask(calls.filter(({ applied }) => applied));
  return [...ended].flatMap((task) => {
    const said = all.get(task) ?? [];
    const ends = new Set(said.filter(({ status }) => isTerminal(status)).map(({ text }) => text));
    if (ends.size !== 1) return [`${task} has ${ends.size} terminal states`];
    return isTerminal(said.at(-1)?.status) ? [] : [`${task}: "${said.at(-1)?.detail}" came after its end`];
  });
}
