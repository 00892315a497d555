import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { workerCommand } from '../../src/worker/process/command';
import { imageOf, read, ROOT } from './dockerfile';

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  restart?: string;
}
const compose = parse(read('docker/compose.yaml'), { strict: true }) as {
  name: string;
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const services = Object.entries(compose.services);
const KEYS = ['image', 'build', 'command', 'ports', 'volumes', 'environment', 'depends_on', 'restart'];

test('the compose file has a Temporal dev server, the emulator and our worker, in words that Compose knows', () => {
  expect(Object.keys(compose)).toEqual(['name', 'services', 'volumes']);
  expect(Object.keys(compose.services)).toEqual(['temporal', 'emulator', 'worker']);
  for (const [, service] of services) for (const key of Object.keys(service)) expect(KEYS).toContain(key);
});

test.each(services)(
  '%s is built from a file of this repository, or is an image at an exact version',
  (_name, service) => {
    const { build, image } = service;
    if (build) {
      const context = resolve(ROOT, 'docker', build.context);
      expect(context).toBe(ROOT);
      expect(existsSync(resolve(context, build.dockerfile))).toBe(true);
    } else expect(image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+$/);
  },
);

test.each(services)('%s is reached from this machine only, at the ports it listens on', (name, { ports = [] }) => {
  const listens = { temporal: ['7233', '8233'], emulator: [imageOf('emulator').only('EXPOSE')], worker: [] }[name];
  expect(ports).toEqual(listens?.map((port) => `127.0.0.1:${port}:${port}`));
});

test('the worker finds the others by their names, and the emulator takes its credentials', () => {
  const { environment = {} } = compose.services['worker'] ?? {};
  const said = workerCommand().helpInformation();
  for (const name of ['TEMPORAL_ADDRESS', 'AWS_REGION', 'AWS_ENDPOINT_URL_MIGRATION_HUB']) {
    expect(said).toContain(name);
    expect(environment[name], name).toBeDefined();
  }
  const [temporal, temporalPort] = (environment['TEMPORAL_ADDRESS'] ?? '').split(':');
  const { hostname, port } = new URL(environment['AWS_ENDPOINT_URL_MIGRATION_HUB'] ?? '');
  expect([temporal, temporalPort, hostname, port]).toEqual(['temporal', '7233', 'emulator', '4599']);
  expect(environment['AWS_ACCESS_KEY_ID']).toBeTruthy();
  expect(environment['AWS_SECRET_ACCESS_KEY']).toBeTruthy();
});

test('the worker waits for the others, and where it began too early it begins again', () => {
  const { depends_on = {}, restart } = compose.services['worker'] ?? {};
  expect(Object.keys(depends_on)).toEqual(['temporal', 'emulator']);
  for (const [name, { condition }] of Object.entries(depends_on)) {
    const isChecked = name === 'emulator' && imageOf('emulator').each('HEALTHCHECK').length === 1;
    expect(condition, name).toBe(isChecked ? 'service_healthy' : 'service_started');
  }
  expect(restart).toBe('unless-stopped');
});

test('the state of the emulator outlives it, where its ordinary user may write', () => {
  const { command = [], volumes = [] } = compose.services['emulator'] ?? {};
  const [volume = '', path = ''] = volumes[0]?.split(':') ?? [];
  expect(Object.keys(compose.volumes)).toEqual([volume]);
  expect(command).toEqual(['--state', `${path}/hub.jsonl`]);
  expect(imageOf('emulator').each('RUN').join()).toContain(`chown node:node ${path}`);
});
