import type { Call } from './calls';
import * as referee from './referee';
import type { Outcome } from './scenario';
import type { EmulatorTask } from '../src/emulator';

/** All that the referee looks at. */
export interface Evidence {
  load: string;
  reports: referee.AcceptedReport[];
  calls: Call[];
  tasks: EmulatorTask[];
  /** Requests that the journal had to forget: what is not known cannot be judged. */
  forgotten: number;
  cancelled?: ReadonlySet<string>;
}

const SHOWN = 3;

const some = (findings: referee.Findings): string =>
  findings.slice(0, SHOWN).join('; ') + (findings.length > SHOWN ? `; and ${findings.length - SHOWN} more` : '');

/** A fault if there are findings, which it then names. */
export const fault = (figure: string, findings: referee.Findings): string[] =>
  findings.length > 0 ? [`${findings.length} ${figure}: ${some(findings)}`] : [];

/** The four figures that every scenario has. `staleIsWanted`: the scenario judges staleness itself. */
export function judge(evidence: Evidence, { staleIsWanted = false } = {}): Outcome {
  const { load, reports, calls, tasks, forgotten, cancelled } = evidence;
  const lost = referee.lost(reports, tasks, cancelled);
  const reordered = referee.reordered(reports, calls);
  const changed = referee.changedDuplicates(calls);
  const stale = referee.stale(tasks);
  return {
    load,
    lost: lost.length,
    reordered: reordered.length,
    staleSeconds: stale.seconds,
    changedDuplicates: changed.length,
    notes: [],
    faults: [
      ...fault('lost', lost),
      ...fault('reordered', reordered),
      ...(staleIsWanted ? [] : fault('tasks stale', stale.findings)),
      ...fault('changed duplicates', changed),
      ...(forgotten > 0 ? [`the journal forgot ${forgotten} requests`] : []),
      ...(reports.length === 0 ? ['nothing was reported'] : []),
    ],
  };
}
