import { sleep } from '@temporalio/workflow';
import { migrationTask } from '../src/workflow';
import type { AcceptedReport } from './referee';

export interface MigrationInput {
  stream: string;
  task: string;
  nextUpdateSeconds: number;
  /** Seconds before each report. */
  pauses: number[];
}

/** A migration that reports after each pause, the last time COMPLETED; its result is what was accepted. */
export async function migration(input: MigrationInput): Promise<AcceptedReport[]> {
  const { stream, task: name, nextUpdateSeconds, pauses } = input;
  const task = migrationTask({ progressUpdateStream: stream, migrationTaskName: name, nextUpdateSeconds });
  const accepted: AcceptedReport[] = [];
  return task.run(async () => {
    for (const [i, pause] of pauses.entries()) {
      await sleep(pause * 1000);
      const sequence = i + 1;
      const id = `workflow report ${sequence}`;
      const status = sequence === pauses.length ? 'COMPLETED' : 'IN_PROGRESS';
      const sentAt = Date.now() / 1000;
      await task.report({ status, statusDetail: id, progressPercent: Math.min(99, sequence) });
      const acceptedAt = Date.now() / 1000;
      accepted.push({ task: name, id, status, reporter: 'workflow', sequence, sentAt, acceptedAt });
    }
    return accepted;
  });
}
