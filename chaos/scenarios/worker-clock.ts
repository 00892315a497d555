import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { latestHeartbeat } from '../pace';
import { Reporter } from '../reporter';
import type { Scenario } from '../scenario';
import { nowSeconds, taskNames, World } from '../world';

const NEXT_UPDATE_SECONDS = 90;
const TASKS = 50;
const OFF_SECONDS = 600;
const JUMP_SECONDS = 3600;
const YOUNG_SECONDS = 5;
/** A clock that jumps may mean that the machine was suspended: the worker sends nothing then, and what it had is tried again. */
const RETRIED_SECONDS = 5;

/** How far ahead the clock of a process with the preload is: whether the scenario shows anything at all. */
function shownShift(): number {
  const args = ['--import', resolve(__dirname, '../shifted-clock.mjs'), '-p', 'Date.now()'];
  const env = { ...process.env, CHAOS_CLOCK_AHEAD: String(OFF_SECONDS) };
  return Number(execFileSync(process.execPath, args, { env }).toString()) / 1000 - nowSeconds();
}

/** Three workers share the work, and none of their clocks is right. */
export const workerClock: Scenario = {
  about: 'worker clocks 10 min ahead, 10 min behind, and one that jumps by an hour: no change in order or deadlines',
  inShort: false,
  async run(context) {
    const { short, log } = context;
    const world = await World.make(context);
    const [jumping] = await Promise.all([
      world.startHubWorker({ clock: { jumpSeconds: JUMP_SECONDS } }),
      world.startHubWorker({ clock: { aheadSeconds: OFF_SECONDS } }),
      world.startHubWorker({ clock: { aheadSeconds: -OFF_SECONDS } }),
    ]);
    const from = nowSeconds();
    const names = taskNames(TASKS);
    const reporter = new Reporter(world, world.hubClient(), NEXT_UPDATE_SECONDS);
    const load = async () => {
      await reporter.reportAll(names);
      await Promise.all(names.map((task) => reporter.reportOften(task, 2, 5)));
      await world.allDelivered(30);
      await world.sleep(short ? 35 : NEXT_UPDATE_SECONDS);
    };
    await load();
    jumping.jump();
    log('one clock has jumped by an hour');
    await load();
    const calls = world.calls();
    const oldest = Math.max(...calls.map(({ at, updateDateTime }) => at - updateDateTime));
    const late = latestHeartbeat(calls, { from, until: nowSeconds() });
    const shift = shownShift();
    const outcome = await world.judge(`3 workers, ${TASKS} tasks, ${world.reports.length} reports`);
    outcome.notes.push(
      `UpdateDateTime at most ${oldest.toFixed(1)} s before arrival`,
      `latest heartbeat ${late.seconds} s after it was due`,
    );
    if (oldest > YOUNG_SECONDS + RETRIED_SECONDS)
      outcome.faults.push(`an UpdateDateTime is ${oldest.toFixed(1)} s older than its arrival`);
    if (late.seconds > YOUNG_SECONDS + RETRIED_SECONDS)
      outcome.faults.push(`a heartbeat came ${late.seconds} s after it was due`);
    if (Math.abs(shift - OFF_SECONDS) > 30)
      outcome.faults.push(`the clock was not moved, but by ${shift.toFixed(0)} s`);
    return outcome;
  },
};
