import { Option, type Command } from 'commander';
import { checkEndpointUrl, checkLineEnd, checkRegionName } from '../../migration-hub/checks';
import { DEADLINE_ATTRIBUTE, MAX_GROUPS } from '../../report';
import { HEARTBEAT_RANGES } from '../../task-state';
import { LOG_LEVELS } from '../log-levels';
import { OTLP_URL } from '../metrics/otlp';
import { WORKER_RANGES } from '../ranges';
import { checked, number, oneOf, onOff, text, type Reader, zeroOr } from './readers';

/** A setting of the process: its flag, the variables that stand for it, in this order, and its default. */
interface Setting<T> {
  flag: string;
  about: string;
  variables: string[];
  read: Reader<T>;
  standard?: T;
}

const own = (name: string) => [`TEMPORAL_MIGRATION_HUB_${name}`];
const { heartbeatFraction, lingerSeconds, silenceLimitSeconds } = HEARTBEAT_RANGES;

const setting = <T>(flag: string, variables: string[], read: Reader<T>, about: string, standard?: T): Setting<T> => ({
  flag,
  about,
  variables,
  read,
  standard,
});

/** All but those of Temporal. What AWS has a variable for has no other. */
export const OWN_SETTINGS = {
  groups: setting(
    '--groups <number>',
    own('GROUPS'),
    number({ min: 0, max: MAX_GROUPS, whole: true }),
    'groups (heartbeat workflows) per stream; default: as the stream has',
  ),
  region: setting(
    '--region <name>',
    ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    checked('name the Migration Hub home region, such as us-west-2', checkRegionName),
    'home region; default: that of the AWS profile, else from GetHomeRegion',
  ),
  endpoint: setting(
    '--endpoint <url>',
    ['AWS_ENDPOINT_URL_MIGRATION_HUB', 'AWS_ENDPOINT_URL'],
    checked('be a URL, such as http://127.0.0.1:4599', checkEndpointUrl),
    'endpoint of Migration Hub, or the emulator; default: AWS',
  ),
  concurrency: setting(
    '--concurrency <calls>',
    own('CONCURRENCY'),
    number(WORKER_RANGES.concurrency),
    'parallel calls to Migration Hub per batch',
    WORKER_RANGES.concurrency.standard,
  ),
  maxNotifyActivitiesPerSecond: setting(
    '--max-notify-activities-per-second <rate>',
    own('MAX_NOTIFY_ACTIVITIES_PER_SECOND'),
    number(WORKER_RANGES.maxNotifyActivitiesPerSecond),
    'batches started per second, all workers together; default: no limit',
  ),
  heartbeatFraction: setting(
    '--heartbeat-fraction <share>',
    own('HEARTBEAT_FRACTION'),
    number(heartbeatFraction),
    'share of nextUpdateSeconds after which a heartbeat is due; default: a third',
    heartbeatFraction.standard,
  ),
  silenceLimitSeconds: setting(
    '--silence-limit-seconds <seconds>',
    own('SILENCE_LIMIT_SECONDS'),
    number(silenceLimitSeconds),
    'stops heartbeats so long after the last report, if no workflow reported; 0: never',
    silenceLimitSeconds.standard,
  ),
  lingerSeconds: setting(
    '--linger-seconds <seconds>',
    own('LINGER_SECONDS'),
    number(lingerSeconds),
    'how long an ended task answers queries',
    lingerSeconds.standard,
  ),
  deadlineSearchAttribute: setting(
    '--deadline-search-attribute',
    own('DEADLINE_SEARCH_ATTRIBUTE'),
    onOff,
    `keeps each heartbeat workflow's earliest deadline in the search attribute ${DEADLINE_ATTRIBUTE}`,
    false,
  ),
  plugins: setting(
    '--plugins <module>',
    own('PLUGINS'),
    text('name a file or a package'),
    'file or package that exports Temporal plugins (codecs, interceptors, secrets) for connection and workers',
  ),
  nexus: setting(
    '--nexus',
    own('NEXUS'),
    onOff,
    'serves the Nexus service migration-hub on the task queue migration-hub',
    false,
  ),
  deploymentName: setting(
    '--deployment-name <name>',
    own('DEPLOYMENT_NAME'),
    text('name the Worker Deployment'),
    'Worker Versioning: the deployment of these workers, with --build-id',
  ),
  buildId: setting(
    '--build-id <id>',
    own('BUILD_ID'),
    text('name the build of these workers'),
    'Worker Versioning: build of these workers, with --deployment-name',
  ),
  httpPort: setting(
    '--http-port <port>',
    own('HTTP_PORT'),
    number({ min: 0, max: 65_535, whole: true }),
    'serves /healthz, /readyz and /metrics; 0: any free port; default: off',
  ),
  httpHost: setting(
    '--http-host <address>',
    own('HTTP_HOST'),
    text('be an address of this machine'),
    'address for --http-port; 0.0.0.0: all',
    '127.0.0.1',
  ),
  countTasksEverySeconds: setting(
    '--count-tasks-every-seconds <seconds>',
    own('COUNT_TASKS_EVERY_SECONDS'),
    zeroOr(number({ min: 10, max: 86_400 })),
    'counts all tasks for /metrics, 10 to 86400; 0: never; set it in one process only',
    0,
  ),
  otlpUrl: setting(
    '--otlp-url <url>',
    [OTLP_URL, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    text('be the URL of an OTLP collector'),
    'OTLP collector for the metrics of Temporal Core; default: /metrics has them',
  ),
  logLevel: setting('--log-level <level>', ['LOG_LEVEL'], oneOf(LOG_LEVELS), `one of ${LOG_LEVELS.join(', ')}`, 'info'),
} as const;

/** A value, and where it came from: `--groups`, `TEMPORAL_MIGRATION_HUB_GROUPS`, `default`. */
export interface Said<T> {
  /** Undefined where nothing is set, and nothing is the default. */
  value: T | undefined;
  /** The flag, the variable, or `default`. */
  from: string;
}

type ValueOf<S> = S extends Setting<infer T> ? T : never;
/** All of them, read. */
export type OwnSettings = { [Name in keyof typeof OWN_SETTINGS]: Said<ValueOf<(typeof OWN_SETTINGS)[Name]>> };

/** Adds their flags to the command. */
export function addOwnOptions(command: Command): void {
  for (const { flag, about, variables, standard } of Object.values(OWN_SETTINGS)) {
    const usual =
      ['string', 'number'].includes(typeof standard) && !/default/.test(about) ? `; default: ${standard}` : '';
    command.addOption(new Option(flag, `${about}${usual} (${variables.join(', ')})`));
  }
}

/** The flags first, then the variables, of which one that is set to nothing is not set, then the defaults. @throws ConfigurationError */
export function readOwnSettings(flags: Record<string, unknown>): OwnSettings {
  const read = <T>([name, { flag, variables, read, standard }]: [string, Setting<T>]): [string, Said<T>] => {
    const given = flags[name] as string | true | undefined;
    const from =
      given === undefined ? variables.find((each) => process.env[each]) : (/--[\w-]+/.exec(flag)?.[0] ?? flag);
    if (from === undefined) return [name, { value: standard, from: 'default' }];
    const text = String(given ?? process.env[from]);
    checkLineEnd(from, text);
    return [name, { value: read(text, from), from }];
  };
  return Object.fromEntries(Object.entries<Setting<unknown>>(OWN_SETTINGS).map(read)) as OwnSettings;
}
