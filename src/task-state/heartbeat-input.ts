import type { TaskReport } from '../report';
import { givenSettings } from './heartbeat-settings';
import type { TaskRecord } from './record';
import type { HeartbeatSettings } from './types';

/** What `migrationHeartbeat` is started with. */
export interface HeartbeatInput {
  /** How heartbeats are made. What is absent is as the worker has it. */
  settings: Partial<HeartbeatSettings>;
  /** The report that it was started for. */
  report?: TaskReport;
  /** Carried through continue-as-new. */
  tasks?: TaskRecord[];
  /** The same, where an earlier run was cancelled: open tasks are closed, and nothing else. */
  closing?: true;
}

/**
 * What a heartbeat workflow can work with, of what it was started with: anybody may start it, with anything. Only a run that
 * continues another one was given its state by this package.
 */
export function usableInput(given: Partial<HeartbeatInput> | null | undefined, isContinued: boolean): HeartbeatInput {
  const { report, tasks, closing } = given ?? {};
  return { settings: givenSettings(given?.settings), report, ...(isContinued && { tasks, closing }) };
}
