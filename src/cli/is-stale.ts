import { isTerminal, type ReportedState } from '../task-state';

/** Whether Migration Hub shows a task as stale: its deadline has passed, though no heartbeat workflow may be left to say so. */
export const isStale = ({ lastDelivered, judgedAt }: Pick<ReportedState, 'lastDelivered' | 'judgedAt'>): boolean =>
  lastDelivered !== undefined && !isTerminal(lastDelivered.status) && judgedAt > lastDelivered.deadline;
