import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { imageOf, read, ROOT } from '../../dev/images/dockerfile';

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  entrypoint?: string[];
  command?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  restart?: string;
  read_only?: boolean;
  cap_drop?: string[];
}
const compose = parse(read('docker/compose.yaml'), { strict: true, merge: true }) as {
  name: string;
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const { version } = JSON.parse(read('package.json')) as { version: string };
const services = Object.entries(compose.services);
/** Of the Compose specification, those that are used. */
const KEYS = [
  ...['image', 'build', 'entrypoint', 'command', 'ports', 'volumes', 'environment', 'depends_on', 'restart'],
  ...['healthcheck', 'stop_grace_period', 'read_only', 'cap_drop', 'security_opt'],
];

test('the compose file has a Temporal dev server, the emulator, our worker and the board, in words that Compose knows', () => {
  expect(Object.keys(compose)).toEqual(['name', 'services', 'volumes']);
  expect(Object.keys(compose.services)).toEqual(['temporal', 'emulator', 'worker', 'board']);
  for (const [, service] of services) for (const key of Object.keys(service)) expect(KEYS).toContain(key);
});

test.each(services)('%s is an image at an exact version; what is built here has that of the package', (_, service) => {
  const { build, image } = service;
  expect(image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+$/);
  if (!build) return;
  expect(image).toMatch(new RegExp(`^temporal-migration-hub-\\w+:${version}$`));
  const context = resolve(ROOT, 'docker', build.context);
  expect(context).toBe(ROOT);
  expect(existsSync(resolve(context, build.dockerfile))).toBe(true);
});

test.each(services)('%s is reached from this machine only, at the ports it listens on', (name, { ports = [] }) => {
  const exposed = (folder: string) => [imageOf(folder).only('EXPOSE')];
  const listens = {
    temporal: ['7233', '8233'],
    emulator: exposed('emulator'),
    worker: exposed('worker'),
    board: ['8644'],
  }[name];
  expect(ports).toEqual(listens?.map((port) => `127.0.0.1:${port}:${port}`));
});

test('the worker finds the others by their names, and the emulator takes its credentials', () => {
  const { environment = {} } = compose.services['worker'] ?? {};
  const [temporal, temporalPort] = (environment['TEMPORAL_ADDRESS'] ?? '').split(':');
  const { hostname, port } = new URL(environment['AWS_ENDPOINT_URL_MIGRATION_HUB'] ?? '');
  expect([temporal, temporalPort, hostname, port]).toEqual(['temporal', '7233', 'emulator', '4599']);
  for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    expect(environment[name], name).toBeTruthy();
});

test('the board starts in the image of the worker, has a token, and no credentials of AWS', () => {
  const { board, worker } = compose.services;
  expect(board?.image).toBe(worker?.image);
  expect(board?.entrypoint?.slice(0, 3)).toEqual(['node', 'lib/cli.js', 'board']);
  const { TEMPORAL_MIGRATION_HUB_BOARD_TOKEN: token = '', ...others } = board?.environment ?? {};
  expect(Object.keys(others)).toEqual(['TEMPORAL_ADDRESS']);
  // The board takes none that is shorter.
  expect(/^\$\{BOARD_TOKEN:-(\S{16,})\}$/.test(token), token).toBe(true);
});

test.each(['worker', 'board'])(
  'the %s waits until what it needs is healthy, and begins again where it ended',
  (name) => {
    const { depends_on = {}, restart } = compose.services[name] ?? {};
    expect(Object.keys(depends_on)).toEqual(name === 'worker' ? ['temporal', 'emulator'] : ['temporal']);
    expect(compose.services['temporal']?.healthcheck?.test?.[0]).toBe('CMD');
    expect(imageOf('emulator').each('HEALTHCHECK')).toHaveLength(1);
    for (const { condition } of Object.values(depends_on)) expect(condition).toBe('service_healthy');
    expect(restart).toBe('unless-stopped');
  },
);

test.each(['worker', 'board'])('the %s writes nothing and has no rights', (name) => {
  expect(compose.services[name]).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  });
});

test('the state of the emulator outlives it, where its ordinary user may write', () => {
  const { command = [], volumes = [] } = compose.services['emulator'] ?? {};
  const [volume = '', path = ''] = volumes[0]?.split(':') ?? [];
  expect(Object.keys(compose.volumes)).toEqual([volume]);
  expect(command).toEqual(['--state', `${path}/hub.jsonl`]);
  expect(imageOf('emulator').each('RUN').join()).toContain(`chown node:node ${path}`);
});
