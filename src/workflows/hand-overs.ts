import { CancellationScope, log, workflowInfo } from '@temporalio/workflow';
import { bookHandOver, moveAll, nextHandOver, type Move, type TaskGroup } from '../task-state';
import { handOverTasks } from './definitions';
import { workflowSeconds } from './rounds';

/** Gives tasks to the heartbeat workflows that are to speak for them: one activity at a time, in the order of what was said. */
export class HandOvers {
  private isUnderway = false;

  constructor(private readonly group: TaskGroup) {}

  /** Starts the next hand-over, where there is something to hand over. `settled` is called at its end. */
  next(move: Move | undefined, settings: NonNullable<Move['settings']>, settled: () => void): void {
    const { workflowId } = workflowInfo();
    if (move) moveAll(this.group.idle(), move.groups, workflowId, workflowSeconds());
    if (this.isUnderway) return;
    const { chosen, batches } = nextHandOver(workflowId, this.group.still());
    if (chosen.length === 0) return;
    for (const { record } of chosen) this.group.busy.add(record);
    this.isUnderway = true;
    // A task that is half handed over is nobody's: cancelling the workflow does not stop it.
    void CancellationScope.nonCancellable(() => handOverTasks(batches, move?.settings ?? settings))
      .then(() => bookHandOver({ chosen }, workflowSeconds()))
      .catch((error: unknown) => log.warn('tasks could not be handed over; it is tried again', { error }))
      .finally(() => {
        for (const { record } of chosen) this.group.busy.delete(record);
        this.isUnderway = false;
        settled();
      });
  }
}
