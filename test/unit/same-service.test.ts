import { Registry } from 'prom-client';
import { expect, it, vi } from 'vitest';
import type { MetricsOptions } from '../../src/worker/metrics/options';
import { checkSameConverter, checkSameSettings } from '../../src/worker/same-service';
import { settingsOf } from '../../src/worker/options';

const codec = () => ({ encode: (p: never[]) => Promise.resolve(p), decode: (p: never[]) => Promise.resolve(p) });
const [one, two] = [codec(), codec()];

it.each([
  [undefined, {}],
  [undefined, { payloadCodecs: [] }],
  [{ payloadCodecs: [one, two] }, { payloadCodecs: [one, two] }],
  [{ payloadConverterPath: '/a' }, { payloadConverterPath: '/a', failureConverterPath: undefined }],
])('data converters with the same parts are the same: %o, %o', (mine, theirs) => {
  expect(() => checkSameConverter(mine, theirs)).not.toThrow();
});

it.each([
  [undefined, { payloadCodecs: [one] }, 'payloadCodecs'],
  [{ payloadCodecs: [one] }, { payloadCodecs: [two] }, 'payloadCodecs'],
  [{ payloadCodecs: [one, two] }, { payloadCodecs: [two, one] }, 'payloadCodecs'],
  [{ payloadConverterPath: '/a' }, { payloadConverterPath: '/b' }, 'payloadConverterPath'],
  [{}, { failureConverterPath: '/a' }, 'failureConverterPath'],
])('others are not, and the message names the part: %o, %o', (mine, theirs, part) => {
  for (const [my, their] of [
    [mine, theirs],
    [theirs, mine],
  ])
    expect(() => checkSameConverter(my, their)).toThrow(
      `dataConverter.${part} is not that of the worker beside which the Migration Hub workers`,
    );
});

it('a hub or an AWS client is the same only if it is one object', () => {
  const [hub, client] = [{}, {}];
  expect(() => checkSameSettings({ hub }, { hub })).not.toThrow();
  for (const name of ['hub', 'client'])
    expect(() => checkSameSettings({ [name]: hub }, { [name]: client })).toThrow(`${name} is another object than in`);
  expect(() => checkSameSettings({ region: 'us-west-2' }, { client })).toThrow('region is "us-west-2", but not set in');
});

it('options that are not set mean their defaults', () => {
  vi.stubEnv('AWS_REGION', 'us-west-2');
  const unset = settingsOf({ endpoint: '' });
  const set = { region: 'us-west-2', concurrency: 20, shutdownGraceTime: '10s', requestTimeoutSeconds: 5 };
  expect(() => checkSameSettings(unset, settingsOf(set))).not.toThrow();
  expect(() => checkSameSettings(unset, settingsOf({ groups: 0 }))).toThrow('groups is not set, but 0 in');
  vi.unstubAllEnvs();
});

it('metrics are the same only in one registry', () => {
  const [registry, other] = [new Registry(), new Registry()];
  const settings = (metrics: MetricsOptions) => settingsOf({ metrics });
  expect(() => checkSameSettings(settings({ registry }), settings({ registry, tasksEverySeconds: 0 }))).not.toThrow();
  expect(() => checkSameSettings(settings({ registry }), settings({ registry: other }))).toThrow(
    'registry is another object than in',
  );
  expect(() => checkSameSettings(settings({ registry }), settings({ registry, tasksEverySeconds: 60 }))).toThrow(
    'tasksEverySeconds is 0, but 60 in',
  );
});
