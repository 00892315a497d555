import { TestWorkflowEnvironment } from '@temporalio/testing';
import { startEmulator } from 'temporal-migration-hub/emulator';

export async function secondsStaleInADay(migrate: (env: TestWorkflowEnvironment, endpoint: string) => Promise<void>) {
  const env = await TestWorkflowEnvironment.createTimeSkipping();
  const emulator = await startEmulator({ clock: () => env.currentTimeMs() });
  await migrate(env, emulator.url);
  await env.sleep('24h');
  const { staleness } = await emulator.judge();
  await emulator.close();
  await env.teardown();
  return staleness.seconds;
}
