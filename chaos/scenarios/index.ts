import type { Scenario } from '../scenario';
import { answersLost } from './answers-lost';
import { burstAndRestart } from './burst-and-restart';
import { concurrentCallers } from './concurrent-callers';
import { continueAsNewRaces } from './continue-as-new-races';
import { frozenWorkers } from './frozen-workers';
import { outage } from './outage';
import { queriesAndKills } from './queries-and-kills';
import { restartLongHistories } from './restart-long-histories';
import { serverRestarts } from './server-restarts';
import { simulatedYear } from './simulated-year';
import { throttleStorm } from './throttle-storm';
import { throttledHeartbeats } from './throttled-heartbeats';
import { twoWorkers } from './two-workers';
import { undeliverable } from './undeliverable';
import { workerClock } from './worker-clock';
import { workerKills } from './worker-kills';

/** By name, in the order in which they start: the longest first. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'simulated-year': simulatedYear,
  'worker-kills': workerKills,
  undeliverable,
  'continue-as-new-races': continueAsNewRaces,
  'queries-and-kills': queriesAndKills,
  'server-restarts': serverRestarts,
  'throttle-storm': throttleStorm,
  'outage-refused': outage('refuse'),
  'outage-html-503': outage('html-503'),
  'outage-hang': outage('hang'),
  'worker-clock': workerClock,
  'two-workers': twoWorkers,
  'throttled-heartbeats': throttledHeartbeats,
  'frozen-workers': frozenWorkers,
  'answers-lost': answersLost,
  'concurrent-callers': concurrentCallers,
  'restart-long-histories': restartLongHistories,
  'burst-and-restart': burstAndRestart,
};
