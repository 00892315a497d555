import type { Scenario } from '../scenario';
import { answersLost } from './answers-lost';
import { burst } from './burst';
import { concurrentCallers } from './concurrent-callers';
import { continueAsNewRaces } from './continue-as-new-races';
import { frozenWorkers } from './frozen-workers';
import { outage } from './outage';
import { queriesAndKills } from './queries-and-kills';
import { restartLargeGroups, restartLongHistories } from './restart';
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
  'worker-kills': workerKills,
  undeliverable,
  'simulated-year': simulatedYear,
  'throttle-storm': throttleStorm,
  'frozen-workers': frozenWorkers,
  'continue-as-new-races': continueAsNewRaces,
  'throttled-heartbeats': throttledHeartbeats,
  'queries-and-kills': queriesAndKills,
  'server-restarts': serverRestarts,
  'restart-long-histories': restartLongHistories,
  'outage-refused': outage('refuse'),
  'outage-html-503': outage('html-503'),
  'outage-hang': outage('hang'),
  'worker-clock': workerClock,
  'two-workers': twoWorkers,
  'answers-lost': answersLost,
  'concurrent-callers': concurrentCallers,
  burst,
  'restart-large-groups': restartLargeGroups,
};
