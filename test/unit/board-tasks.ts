import type { BoardTask } from '../../src/board/wire';
import type { Status } from '../../src/report';

export interface Given extends Partial<Omit<BoardTask, 'lastDelivered'>> {
  stream?: string;
  wave?: string;
  application?: string;
  status?: Status;
  percent?: number;
  deadline?: number;
}

/** A task of the board; delivered, unless its status is left out. */
export function boardTaskOf(migrationTaskName: string, given: Given = {}): BoardTask {
  const { stream = 'S', wave, application, status, percent, deadline = 4000, ...more } = given;
  const labels = Object.fromEntries(Object.entries({ wave, application }).filter(([, value]) => value !== undefined));
  return {
    progressUpdateStream: stream,
    migrationTaskName,
    labels: labels as Record<string, string>,
    lastDelivered: status && {
      status,
      progressPercent: percent,
      updateDateTime: 400,
      nextUpdateSeconds: 3600,
      deadline,
    },
    freshness: status ? 'fresh' : 'never-delivered',
    counters: { reports: 1, notifications: 1, heartbeats: 0, retries: 0, missedDeadlines: 0, refused: 0 },
    owners: [],
    ...more,
  };
}
