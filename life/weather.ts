import type { HubWorker } from '../chaos/hub-worker';
import type { World } from '../chaos/world';
import type { FaultRule } from '../src/emulator';

const CALM_SECONDS = 8;
const FAULT_SECONDS = 10;
const MOST_DOWN_SECONDS = 5;
/** After each of these, half of 60 s is enough for the other worker to take over. */
const MOST_FROZEN_SECONDS = 12;

const FAULTS: FaultRule[] = [
  { probability: 0.5, action: { type: 'throttle', retryAfterSeconds: 2 } },
  { probability: 0.5, action: { type: 'internal' } },
  { probability: 0.3, action: { type: 'apply-then-reset' } },
  { probability: 0.3, action: { type: 'slow', ms: 3000 } },
  { probability: 0.2, action: { type: 'bad-json' } },
];

/**
 * What happens around the programmes until it is told to stop: faults of Migration Hub, lost and frozen workers, and once the server.
 * None begins while `haveTime` is false: how soon the workers recover from the fault before depends on the machine.
 */
export async function weather(
  world: World,
  workers: HubWorker[],
  haveTime: () => boolean,
  isOver: () => boolean,
): Promise<void> {
  const { random, log } = world.context;
  let restarts = 1;
  while (!isOver()) {
    await world.sleep(CALM_SECONDS * random());
    if (isOver() || !haveTime()) continue;
    const worker = workers[Math.floor(random() * workers.length)] as HubWorker;
    const kind = random();
    if (kind < 0.35) {
      const fault = FAULTS[Math.floor(random() * FAULTS.length)] as FaultRule;
      log(`Migration Hub: ${fault.action.type}`);
      world.emulator.setFaults([{ ...fault, seed: Math.floor(random() * 1e6) }]);
      await world.sleep(FAULT_SECONDS * random());
      world.emulator.clearFaults();
    } else if (kind < 0.65) {
      log('a worker is killed');
      await worker.kill();
      await world.sleep(MOST_DOWN_SECONDS * random());
      await worker.start();
    } else if (kind < 0.9) {
      const seconds = MOST_FROZEN_SECONDS * random();
      log(`a worker is frozen for ${seconds.toFixed(0)} s`);
      await world.freeze(worker, seconds);
    } else if (restarts-- > 0) {
      log('the Temporal server is killed');
      await world.server.kill();
      await world.sleep(MOST_DOWN_SECONDS * random());
      await world.server.start();
    }
  }
}
