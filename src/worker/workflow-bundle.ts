import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  bundleWorkflowCode,
  Runtime,
  type WorkflowBundleOption,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { version } from '@temporalio/worker/package.json';
import { Remembered } from '../async/remembered';
import type { WorkerConnection } from './connection';
import { ROOT } from './root';

/** What a data converter adds to the code of workflows. */
type Converters = Pick<NonNullable<WorkerConnection['dataConverter']>, 'payloadConverterPath' | 'failureConverterPath'>;

const codeIn = (root: string) => ({
  workflowsPath: join(root, 'workflows'),
  workflowModules: [join(root, 'workflows/query-guard'), join(root, 'workflows/trace-relay')],
});
const bundles = new Remembered<WorkflowBundleOption>(Infinity);

/** Our workflow code, with what the data converter adds to it. */
export function workflowCode(dataConverter: WorkerConnection['dataConverter']): Promise<WorkflowBundleOption> {
  const { payloadConverterPath, failureConverterPath } = dataConverter ?? {};
  const converters = { payloadConverterPath, failureConverterPath };
  return bundles.get(JSON.stringify(converters), () => bundleFor(converters));
}

/** Bundling takes seconds of CPU: once per process, and never where the package holds a bundle that fits. */
async function bundleFor(converters: Converters): Promise<WorkflowBundleOption> {
  const codePath = prebuiltBundle(ROOT);
  const isPlain = Object.values(converters).every((path) => path === undefined);
  return isPlain && existsSync(codePath) ? { codePath } : bundleWorkflows(ROOT, converters);
}

/** Bundles the workflows of the package whose code is in the folder `root`. */
export function bundleWorkflows(root: string, converters: Converters = {}): Promise<WorkflowBundleWithSourceMap> {
  const { workflowsPath, workflowModules } = codeIn(root);
  const { logger } = Runtime.instance();
  return bundleWorkflowCode({ workflowsPath, workflowInterceptorModules: workflowModules, logger, ...converters });
}

/** Where the build puts a bundle. It holds the SDK's own code for workflows, which must be of the version of the worker that runs it. */
export function prebuiltBundle(root: string, what: 'workflow' | 'sample' = 'workflow'): string {
  return join(root, `${what}-bundle-${version}.js`);
}
