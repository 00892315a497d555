import { CancellationScope, sleep } from '@temporalio/workflow';

/** The one open timer of a heartbeat workflow. Of two times the earlier one counts; when it is over, the next is set anew. */
export class Alarm {
  private current?: { at: number; scope: CancellationScope };

  /** `onTime` is called with the time that was set. */
  constructor(private readonly onTime: (at: number) => void) {}

  /**
   * `at`, `now`: epoch seconds; `summary`: gives what for. A timer that fires before `at` is left alone: one more workflow task is cheaper
   * than a new timer each time.
   */
  set(at: number | undefined, now: number, summary: () => string | undefined): void {
    if (at === undefined || (this.current && this.current.at <= at)) return;
    this.current?.scope.cancel();
    const timer = { at, scope: new CancellationScope() };
    this.current = timer;
    const ended = (isOver: boolean) => {
      if (this.current !== timer) return;
      this.current = undefined;
      if (isOver) this.onTime(at);
    };
    void timer.scope
      .run(() => sleep(Math.max(1, Math.ceil((at - now) * 1000)), { summary: summary() }))
      .then(
        () => ended(true),
        () => ended(false),
      );
  }
}
