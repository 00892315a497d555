import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { fastify } from 'fastify';
import { Account, Accounts } from './hub/account';
import { addAdminRoutes } from './http/admin-routes';
import { addAwsRoute } from './http/aws-route';
import { perform, readCall } from './calls/call';
import { CallRecorder } from './journal/call-recorder';
import { Clock } from './time/clock';
import { faultGate } from './faults/fault-gate';
import { FaultRules } from './faults/fault-rules';
import { Journal } from './journal/journal';
import { listen } from './http/listen';
import { Metrics } from './journal/metrics';
import { Outage } from './faults/outage';
import { accountOf, DEFAULT_ACCOUNT } from './calls/credential-scope';
import { stalenessReport } from './hub/staleness-report';
import { StateFile } from './state-file/state-file';
import type { RecordedCall } from './state-file/state-line';
import { switchesOf } from './hub/switches';
import { snapshotOf } from './hub/task-snapshot';
import { Throttle } from './faults/throttle';
import type { Emulator, EmulatorOptions } from './types';
import { answerExpectations, wireErrorOptions } from './http/wire-errors';

export { FaultRuleError } from './faults/fault-rule-check';
export { SettingError } from './settings/setting-error';
export type { SignatureCheck } from './http/signatures';
export { SWITCHES, SwitchError, type Strictness, type Switches } from './hub/switches';
export type {
  Emulator,
  EmulatorClock,
  EmulatorOptions,
  EmulatorTask,
  FaultAction,
  FaultName,
  FaultRule,
  JournalEntry,
  OutageSetting,
  StalenessReport,
  ThrottleSetting,
} from './types';

const HOME_REGION = /^[a-z]+-[a-z]+-[0-9]+$/;
/**
 * How long a connection may be idle. Go and Rust clients give one up after 90 seconds, Java after 60; boto3 and Node keep
 * it as long as the server does. Whoever closes first must not be the server: a call that is just on its way is lost then.
 */
const KEEP_ALIVE_MS = 3_600_000;
const MEDIA_TYPE = 'application/x-amz-json-1.1';

/**
 * Starts AWS Migration Hub on a port, with all state in memory or, with `stateFile`, in a file too.
 *
 * Rejects with the system's error (`code` EADDRINUSE and so on) when it cannot listen, with a RangeError when the home
 * region is not the name of a region or a number is out of range, with a SettingError for a throttle or a state file that
 * cannot be used, and with a SwitchError for a switch or value that does not exist.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, host, homeRegion = 'us-west-2', now: real = Date.now } = options;
  const { streamDeletionSeconds = 5, historyPerTask = 100, signatures = 'off' } = options;
  if (!(streamDeletionSeconds >= 0))
    throw new RangeError(`streamDeletionSeconds must be 0 or more, not ${streamDeletionSeconds}`);
  if (!(Number.isInteger(historyPerTask) && historyPerTask >= 1))
    throw new RangeError(`historyPerTask must be an integer from 1, not ${historyPerTask}`);
  const switches = switchesOf(options.switches, options.strictness);
  if (homeRegion !== null && !HOME_REGION.test(homeRegion))
    throw new RangeError(`homeRegion must look like us-west-2, not ${homeRegion}`);

  const clock = new Clock(() => real() / 1000);
  const { now } = clock;
  const limits = { streamDeletionSeconds, historyPerTask };
  const accounts = new Accounts((id) => new Account(id, homeRegion, now, limits, switches));
  const journal = new Journal(options.journalSize);
  const faults = new FaultRules(now);
  const outage = new Outage(now);
  const throttle = new Throttle(options.throttleAt, () => performance.now() / 1000);
  const tasks = () => accounts.all().flatMap((account) => snapshotOf(account, now()));
  const metrics = new Metrics({ tasks, droppedRequests: () => journal.dropped });
  const recorder = new CallRecorder({
    clock,
    metrics,
    marginOf: ({ progressUpdateStream, migrationTaskName }, scope) => {
      const { store } = accounts.account(accountOf(scope));
      return store.find(progressUpdateStream ?? '', migrationTaskName ?? '')?.ledger.margin(now());
    },
  });
  const apply = ({ service, operation, input, account = DEFAULT_ACCOUNT, region }: RecordedCall, at: number) => {
    const call = readCall(`${service}.${operation}`, MEDIA_TYPE, JSON.stringify(input));
    clock.during(at, () => perform({ accounts, accountId: account, region, switches, now }, call));
  };
  const state = () => accounts.dump();
  const seed = (seeded: unknown) => {
    recorder.stateFile?.checkUsable();
    accounts.load(seeded);
    recorder.stateFile?.state(state());
  };
  const reset = () => {
    recorder.stateFile?.checkUsable();
    accounts.reset();
    recorder.stateFile?.state(state());
    journal.reset();
    metrics.reset();
    faults.clear();
    outage.clear();
    throttle.reset();
    clock.resume();
  };
  const staleness = () => stalenessReport(tasks(), now());

  const app = fastify({
    bodyLimit: 1024 * 1024,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    ...wireErrorOptions,
  });
  answerExpectations(app.server);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  const faultFor = faultGate({ outage, throttle, rules: faults });
  addAwsRoute(app, { accounts, switches, signatures, faultFor, journal, recorder, now });
  const doors = { journal, faults, outage, throttle, clock, metrics, homeRegion, tasks, staleness, state, seed, reset };
  addAdminRoutes(app, {
    ...doors,
    streams: () => accounts.all().reduce((sum, { store }) => sum + store.streamList().length, 0),
    snapshot: () => recorder.stateFile?.state(state()),
    durable: () => recorder.durable(),
  });

  if (options.stateFile !== undefined) {
    const settings = { homeRegion, ...limits, ...switches };
    const load = (loaded: unknown) => accounts.load(loaded);
    recorder.stateFile = await StateFile.open(options.stateFile, { settings, apply, load, dump: state });
  }
  const listening = await listen(app, port, host).catch(async (error: unknown) => {
    await app.close();
    await recorder.stateFile?.close();
    throw error;
  });
  const close = async () => {
    listening.stop();
    await app.close();
    await recorder.stateFile?.close();
  };
  const emulator: Omit<Emulator, typeof Symbol.asyncDispose> = {
    url: listening.url,
    port: listening.port,
    clock,
    tasks,
    staleness,
    requests: (filter) => journal.entries(filter),
    setFaults: (rules) => faults.set(rules),
    clearFaults: () => faults.clear(),
    setOutage: (setting) => outage.set(setting),
    clearOutage: () => outage.clear(),
    setThrottle: (setting) => throttle.set(setting),
    clearThrottle: () => throttle.clear(),
    state,
    seed,
    reset,
    close,
  };
  return Object.assign(emulator, { [Symbol.asyncDispose]: close });
}
