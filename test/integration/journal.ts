import { expect } from 'vitest';
import type { Emulator } from '../../src/emulator';

interface Told {
  ProgressUpdateStream?: string;
  UpdateDateTime?: number;
  NextUpdateSeconds?: number;
  Task?: { ProgressPercent?: number };
}

/** The statuses and percents that Migration Hub was told of a task, in order. */
export const statesTold = (emulator: Emulator, task: string): string[] =>
  emulator
    .requests({ operation: 'NotifyMigrationTaskState', task })
    .map(({ body }) => (body as { Task: { Status: string; ProgressPercent?: number } }).Task)
    .map(({ Status, ProgressPercent }) => `${Status} ${ProgressPercent}`);

/** What Migration Hub was told of a task, by the emulator's journal. */
export function journalOf(emulator: Emulator, stream: string, task: string) {
  const told = emulator
    .requests({ operation: 'NotifyMigrationTaskState', task })
    .filter(({ progressUpdateStream, error }) => progressUpdateStream === stream && !error)
    .map(({ body }) => body as Told);
  const held = () =>
    emulator.tasks().find((each) => each.progressUpdateStream === stream && each.migrationTaskName === task);
  return {
    told,
    /** The newest report has arrived; times rise, one notification a second at most; the task was never stale. */
    expectOneWriter(progressPercent: number) {
      const times = told.map(({ UpdateDateTime }) => UpdateDateTime);
      expect(times.length, `${stream}/${task}`).toBeGreaterThan(0);
      expect(times, `${stream}/${task}`).toEqual([...new Set(times)].sort((a, b) => (a ?? 0) - (b ?? 0)));
      const percents = told.map(({ Task }) => Task?.ProgressPercent ?? 0);
      expect(percents, `${stream}/${task}`).toEqual([...percents].sort((a, b) => a - b));
      expect(held(), `${stream}/${task}`).toMatchObject({ progressPercent, stale: false, staleSeconds: 0 });
    },
  };
}
