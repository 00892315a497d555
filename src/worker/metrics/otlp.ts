import { withoutUser } from '../../migration-hub/checks';
import { ConfigurationError } from '../../report/configuration-error';

/** How Temporal Core reaches an OTLP collector. */
export interface OtlpSettings {
  /** Of the collector. */
  url: string;
  /** OTLP over HTTP; else over gRPC. */
  isHttp: boolean;
  /** Sent with each request. */
  headers: Record<string, string>;
  /** Milliseconds between two exports. */
  intervalMs: number;
}

/** Of this package, and those of OpenTelemetry that stand in for it. */
export const OTLP_URL = 'TEMPORAL_MIGRATION_HUB_OTLP_URL';
const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const PROTOCOL = 'OTEL_EXPORTER_OTLP_PROTOCOL';
const HEADERS = 'OTEL_EXPORTER_OTLP_HEADERS';
const INTERVAL = 'OTEL_METRIC_EXPORT_INTERVAL';

/** OTLP over HTTP listens there, by its specification; over gRPC at 4317. */
const HTTP_PORT = '4318';
const METRICS_PATH = '/v1/metrics';
const STANDARD_INTERVAL_MS = 60_000;
/** Longer is a mistake: the setting counts milliseconds. */
const LONGEST_INTERVAL_MS = 3_600_000;

/**
 * Where Core's metrics go by OTLP: the flag, `TEMPORAL_MIGRATION_HUB_OTLP_URL`, else `OTEL_EXPORTER_OTLP_ENDPOINT`; undefined where
 * none is set. A URL with a path is OTLP over HTTP; one without is what `OTEL_EXPORTER_OTLP_PROTOCOL` says, else HTTP at its own port
 * 4318, else gRPC.
 * @throws ConfigurationError naming the setting
 */
export function otlpSettings(flag: string | undefined, variables: NodeJS.ProcessEnv): OtlpSettings | undefined {
  const [setting, given] =
    flag !== undefined
      ? ['--otlp-url', flag]
      : variables[OTLP_URL]
        ? [OTLP_URL, variables[OTLP_URL]]
        : [ENDPOINT, variables[ENDPOINT]];
  if (given === undefined || (given === '' && setting === ENDPOINT)) return undefined;
  const url = checkedUrl(setting, given);
  const hasPath = url.pathname !== '/';
  const isHttp = hasPath || isHttpProtocol(variables[PROTOCOL], url.port);
  const path = url.pathname.replace(/\/+$/, '');
  if (isHttp) url.pathname = path.endsWith(METRICS_PATH) ? path : path + METRICS_PATH;
  return {
    url: isHttp ? url.href : url.origin,
    isHttp,
    headers: headersOf(variables[HEADERS]),
    intervalMs: intervalOf(variables[INTERVAL]),
  };
}

function checkedUrl(setting: string, given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new ConfigurationError(
    `${setting} is "${withoutUser(given)}", but it must be the URL of an OTLP collector: http://collector:4317 for gRPC, http://collector:4318${METRICS_PATH} for HTTP`,
  );
}

function isHttpProtocol(protocol: string | undefined, port: string): boolean {
  if (!protocol) return port === HTTP_PORT;
  if (protocol === 'grpc') return false;
  if (protocol === 'http/protobuf') return true;
  throw new ConfigurationError(
    `${PROTOCOL} is "${protocol}", but Temporal Core speaks grpc and http/protobuf only: set one of them`,
  );
}

/** `name=value,name=value`, the values URL-encoded. */
function headersOf(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      // What it holds is a secret.
      if (name.trim() === '' || value.length === 0)
        throw new ConfigurationError(
          `${HEADERS} has a part without "=" or name, but it must be a list such as authorization=Bearer%20KEY`,
        );
      return [name.trim(), decoded(value.join('=').trim())];
    }),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function intervalOf(text: string | undefined): number {
  if (!text) return STANDARD_INTERVAL_MS;
  const ms = Number(text);
  if (Number.isInteger(ms) && ms >= 1000 && ms <= LONGEST_INTERVAL_MS) return ms;
  throw new ConfigurationError(
    `${INTERVAL} is "${text}", but it must be a whole number of milliseconds from 1000 to ${LONGEST_INTERVAL_MS}`,
  );
}
