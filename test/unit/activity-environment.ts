import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

/** An activity's surroundings, with the heartbeat details it sent: what is settled, by index. */
export function activityEnvironment<T>(info: ConstructorParameters<typeof MockActivityEnvironment>[0] = {}) {
  const env = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  const beats: [number, T][][] = [];
  env.on('heartbeat', (details: [number, T][]) => beats.push(structuredClone(details)));
  return { env, beats };
}
