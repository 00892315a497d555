import type { FaultRule } from '../../../src/emulator';
import type { Stage } from '../stage';

/** Something that a workflow goes through. All scenarios are played at once, each with tasks and workflow ids of its own. */
export interface Scenario {
  /** Also the name of its task in Migration Hub, and of its file. */
  name: string;
  faults?: FaultRule[];
  /** Played before our workers are started. */
  beforeWorkers?(stage: Stage): Promise<void>;
  /** Returns the id of the workflow whose history is kept, once there is enough of it. */
  play(stage: Stage): Promise<string>;
}
