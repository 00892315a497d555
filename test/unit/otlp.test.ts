import { expect, it } from 'vitest';
import { otlpSettings } from '../../src/worker/metrics/otlp';

const OURS = 'TEMPORAL_MIGRATION_HUB_OTLP_URL';
const OTEL = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const HTTP = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' };

it.each<[string | undefined, NodeJS.ProcessEnv, string, boolean]>([
  ['http://flag:4317', { [OURS]: 'http://ours:4317', [OTEL]: 'http://otel:4317' }, 'http://flag:4317', false],
  [undefined, { [OURS]: 'http://ours:4317', [OTEL]: 'http://otel:4317' }, 'http://ours:4317', false],
  [undefined, { [OURS]: '', [OTEL]: 'https://otel:4317/' }, 'https://otel:4317', false],
  [undefined, { [OURS]: 'http://c:4318/v1/metrics' }, 'http://c:4318/v1/metrics', true],
  [undefined, { [OURS]: 'http://c:4318/prefix/' }, 'http://c:4318/prefix/v1/metrics', true],
  [undefined, { [OURS]: 'http://c:4318/v1/metrics/' }, 'http://c:4318/v1/metrics', true],
  [undefined, { [OTEL]: 'http://c:4318', ...HTTP }, 'http://c:4318/v1/metrics', true],
  [undefined, { [OTEL]: 'http://c:4317', ...HTTP }, 'http://c:4317/v1/metrics', true],
  [undefined, { [OTEL]: 'http://c:4318' }, 'http://c:4318/v1/metrics', true],
  ['https://c:4318/', {}, 'https://c:4318/v1/metrics', true],
  [undefined, { [OTEL]: 'http://c:4318', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'http://c:4318', false],
])('the flag %s and the variables %j lead to %s (HTTP: %s)', (flag, variables, url, isHttp) => {
  expect(otlpSettings(flag, variables)).toMatchObject({ url, isHttp, headers: {}, intervalMs: 60_000 });
});

it('without a setting there is no OTLP', () => {
  expect(otlpSettings(undefined, { [OURS]: '', [OTEL]: '' })).toBeUndefined();
});

it.each<[string, string | undefined, NodeJS.ProcessEnv]>([
  ['--otlp-url', '', {}],
  ['--otlp-url', 'collector:4317', {}],
  [OURS, undefined, { [OURS]: 'grpc://collector:4317' }],
  [OTEL, undefined, { [OTEL]: 'nowhere' }],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http://c', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'http://c', { OTEL_EXPORTER_OTLP_HEADERS: 'secret' }],
  ['OTEL_METRIC_EXPORT_INTERVAL', 'http://c', { OTEL_METRIC_EXPORT_INTERVAL: '60' }],
  ['OTEL_METRIC_EXPORT_INTERVAL', 'http://c', { OTEL_METRIC_EXPORT_INTERVAL: '1e99' }],
])('a wrong %s is refused by name, in one line', (setting, flag, variables) => {
  let message = '';
  try {
    otlpSettings(flag, variables);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toMatch(new RegExp(`^${setting} `));
  expect(message).not.toMatch(/\n|secret/);
});

it('a password in a wrong URL is not repeated', () => {
  const given = () => otlpSettings('ftp://id:secret@collector:4318', {});
  expect(given).toThrow('"ftp://collector:4318"');
});
