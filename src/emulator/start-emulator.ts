import type { Emulator } from './emulator';
import { EmulatorCore } from './emulator-core';
import { faultGate } from './faults/fault-gate';
import { addAdminRoutes } from './http/admin-routes';
import { addAwsRoute } from './http/aws-route';
import { listen } from './http/listen';
import { createServer } from './http/server';
import { checkOptions, type EmulatorOptions } from './options';
import type { TimeSource } from './time/time-source';

/** A view that does not wait for the time, where the time comes at once. */
const atOnce =
  <T>(time: TimeSource, name: string, view: () => T) =>
  (): T => {
    if (!time.isAwaited) return view();
    throw new Error(`${name}() cannot wait for a clock that returns promises: use (await emulator.judge()).${name}`);
  };

/**
 * Starts an emulator of AWS Migration Hub. Its state is in memory and, with `stateFile`, also in a file.
 * @throws Error of the system, with `code` (EADDRINUSE and so on), when it cannot listen
 * @throws RangeError when a number is out of range, the home region is not the name of a region, or `clock` returns no
 * time
 * @throws SettingError when an option does not exist or has a value of another kind, or the throttle or the state file cannot be used
 * @throws SwitchError when a switch or its value does not exist
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  checkOptions(options);
  const core = new EmulatorCore(options);
  const { accounts, clock, journal, faults, outage, throttle, recorder, settings, time } = core;
  await time.read();
  const app = createServer(time.read);
  addAwsRoute(app, {
    accounts,
    switches: settings.switches,
    signatures: options.signatures ?? 'off',
    faultFor: faultGate({ outage, throttle, rules: faults }),
    journal,
    recorder,
    now: clock.now,
    atOneTime: (work) => clock.heldStill(work),
    readTime: time.read,
  });
  addAdminRoutes(app, core);
  if (options.stateFile !== undefined) await core.openStateFile(options.stateFile);
  const listening = await listen(app, options.port ?? 0, options.host).catch(async (error: unknown) => {
    await app.close();
    await core.close();
    throw error;
  });
  const close = async () => {
    listening.stop();
    await app.close();
    await core.close();
  };
  const emulator: Omit<Emulator, typeof Symbol.asyncDispose> = {
    url: listening.url,
    port: listening.port,
    clock,
    tasks: atOnce(time, 'tasks', core.tasks),
    staleness: atOnce(time, 'staleness', core.staleness),
    judge: async () => {
      await time.read();
      return { tasks: core.tasks(), staleness: core.staleness() };
    },
    requests: (filter) => journal.entries(filter),
    setFaults: (rules) => faults.set(rules),
    clearFaults: () => faults.clear(),
    setOutage: (setting) => outage.set(setting),
    clearOutage: () => outage.clear(),
    setThrottle: (setting) => throttle.set(setting),
    clearThrottle: () => throttle.clear(),
    state: core.state,
    seed: core.seed,
    reset: core.reset,
    close,
  };
  return Object.assign(emulator, { [Symbol.asyncDispose]: close });
}
