import type { Figure } from '../figure';
import { burst } from './burst';
import { counts } from './counts';
import { latency } from './latency';
import { latenessOfHeartbeats } from './lateness';
import { rate } from './rate';
import { restarts } from './restart';

/** All figures, in the order in which they are measured. */
export const FIGURES: Readonly<Record<string, Figure>> = {
  counts,
  latency,
  rate,
  burst,
  lateness: latenessOfHeartbeats,
  restart: restarts,
};
