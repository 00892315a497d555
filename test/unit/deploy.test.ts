import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { imageOf, read } from '../../dev/images/dockerfile';

/** What the worker gives its activities at a shutdown, and what production.md says that the whole takes. */
const SHUTDOWN_SECONDS = 20;
const NAME = 'temporal-migration-hub-worker';
const { version } = JSON.parse(read('package.json')) as { version: string };

interface Probe {
  httpGet: { path: string; port: string };
  periodSeconds: number;
  failureThreshold: number;
}
interface Container {
  image: string;
  ports: { name: string; containerPort: number }[];
  securityContext: object;
  startupProbe: Probe;
  livenessProbe: Probe;
  readinessProbe: Probe;
  envFrom: object[];
}
interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string> };
  data?: Record<string, string>;
  spec?: {
    minAvailable?: number;
    selector?: { matchLabels: Record<string, string> };
    replicas?: number;
    template?: {
      metadata: { labels: Record<string, string>; annotations: Record<string, string> };
      spec: { terminationGracePeriodSeconds: number; securityContext: object; containers: [Container] };
    };
    scaleTargetRef?: { name: string };
    minReplicaCount?: number;
    triggers?: { type: string; metadata: Record<string, string> }[];
  };
}
const manifests = (file: string) =>
  parseAllDocuments(read(`deploy/kubernetes/${file}`), { strict: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
const byKind = Object.fromEntries(manifests('worker.yaml').map((each) => [each.kind, each]));
const { Deployment, PodDisruptionBudget, ConfigMap } = byKind;
const pod = Deployment?.spec?.template;
const [container] = pod?.spec.containers ?? [];
const port = imageOf('worker').only('EXPOSE');

test('the manifests of Kubernetes are of kinds that there are, all of one name and with the same labels', () => {
  const kinds = [...manifests('worker.yaml'), ...manifests('autoscaling.yaml')].map((each) => {
    expect(each.metadata.name).toBe(NAME);
    expect(each.metadata.labels).toEqual(Deployment?.spec?.selector?.matchLabels);
    return `${each.apiVersion} ${each.kind}`;
  });
  expect(kinds).toEqual([
    'v1 ServiceAccount',
    'v1 ConfigMap',
    'apps/v1 Deployment',
    'policy/v1 PodDisruptionBudget',
    'keda.sh/v1alpha1 ScaledObject',
  ]);
  expect(pod?.metadata.labels).toEqual(Deployment?.spec?.selector?.matchLabels);
});

test('the Deployment runs the image of the worker at this version, as its user, with nothing it could write or rise to', () => {
  expect(container?.image.endsWith(`/temporal-migration-hub-worker:${version}`)).toBe(true);
  // The user `node` of the image.
  expect(pod?.spec.securityContext).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(container?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('probes and Prometheus ask at the port that the image serves; a restart follows only from /healthz', () => {
  expect(container?.ports).toEqual([{ name: 'http', containerPort: Number(port) }]);
  const paths = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe].map(
    (probe) => probe?.httpGet,
  );
  expect(paths).toEqual(['/healthz', '/healthz', '/readyz'].map((path) => ({ path, port: 'http' })));
  expect(pod?.metadata.annotations).toEqual({
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': port,
    'prometheus.io/path': '/metrics',
  });
});

test('one worker is left while others are moved, and each has the time to end', () => {
  expect(Deployment?.spec?.replicas).toBeGreaterThan(PodDisruptionBudget?.spec?.minAvailable ?? 99);
  expect(PodDisruptionBudget?.spec?.selector).toEqual(Deployment?.spec?.selector);
  expect(pod?.spec.terminationGracePeriodSeconds).toBeGreaterThan(SHUTDOWN_SECONDS);
  expect(read('docs/guide/production.md')).toContain(`allow ${SHUTDOWN_SECONDS} seconds`);
});

test('what scales the worker never ends the last two, and looks at both of our task queues where the worker is', () => {
  const [scaled] = manifests('autoscaling.yaml');
  expect(scaled?.spec?.scaleTargetRef).toEqual({ name: NAME });
  expect(scaled?.spec?.minReplicaCount).toBe(Deployment?.spec?.replicas);
  const triggers = (scaled?.spec?.triggers ?? []).map(({ type, metadata }) => {
    expect([metadata['endpoint'], metadata['namespace']]).toEqual([
      ConfigMap?.data?.['TEMPORAL_ADDRESS'],
      ConfigMap?.data?.['TEMPORAL_NAMESPACE'],
    ]);
    return `${type} ${metadata['taskQueue']}`;
  });
  expect(triggers).toEqual(['temporal migration-hub', 'temporal migration-hub-notify']);
});

test('with KEDA the worker is applied without a number of replicas, which KEDA sets, and else as it is', () => {
  const [command = '', script = ''] =
    /sed '(.+)' worker\.yaml \| kubectl .*/.exec(read('deploy/kubernetes/autoscaling.yaml')) ?? [];
  const { stdout } = spawnSync('sed', [script], { input: read('deploy/kubernetes/worker.yaml'), encoding: 'utf8' });
  const applied = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
  const { replicas, ...spec } = Deployment?.spec ?? {};
  expect(replicas).toBe(2);
  expect(applied.find(({ kind }) => kind === 'Deployment')?.spec).toEqual(spec);
  expect(applied.filter(({ kind }) => kind !== 'Deployment')).toEqual(
    manifests('worker.yaml').filter(({ kind }) => kind !== 'Deployment'),
  );
  expect(read('docs/deploy.md')).toContain(command);
});

test('the unit of systemd gives the worker the time to end, no right but to call others, and no file to write', () => {
  const unit = read(`deploy/systemd/${NAME}.service`);
  const set = Object.fromEntries([...unit.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value]) => [name, value]));
  expect(set['ExecStart']).toMatch(/^\/usr\/bin\/node node_modules\/temporal-migration-hub\/lib\/cli\.js worker$/);
  expect(Number(set['TimeoutStopSec'])).toBeGreaterThan(SHUTDOWN_SECONDS);
  expect(set).toMatchObject({
    DynamicUser: 'yes',
    ProtectSystem: 'strict',
    CapabilityBoundingSet: '',
    NoNewPrivileges: 'yes',
  });
  // V8 compiles.
  expect(unit).not.toMatch(/^MemoryDenyWriteExecute=yes/m);
  const named = [...read('deploy/systemd/worker.env').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(named).toEqual(expect.arrayContaining(['TEMPORAL_ADDRESS', 'AWS_REGION', 'TEMPORAL_MIGRATION_HUB_HTTP_PORT']));
  expect(read('deploy/systemd/worker.env')).toContain(`HTTP_PORT=${port}`);
});
