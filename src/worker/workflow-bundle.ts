import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  bundleWorkflowCode,
  Runtime,
  type BundleOptions,
  type WorkflowBundleOption,
  type WorkflowBundleWithSourceMap,
  type WorkerOptions,
} from '@temporalio/worker';
import { version } from '@temporalio/worker/package.json';
import { Remembered } from '../async/remembered';
import { ROOT } from './root';

/** What a data converter adds to the code of workflows, and what its files need of the bundler. */
type Added = Pick<
  BundleOptions,
  'payloadConverterPath' | 'failureConverterPath' | 'ignoreModules' | 'webpackConfigHook'
>;

const codeIn = (root: string) => ({
  workflowsPath: join(root, 'workflows'),
  workflowModules: [join(root, 'workflows/query-guard'), join(root, 'workflows/trace-relay')],
});
const bundles = new Remembered<WorkflowBundleOption>(Infinity);

/** Our workflow code, with what the data converter adds to it; seconds of CPU where the package holds no bundle that fits. */
export function workflowCode(
  dataConverter?: WorkerOptions['dataConverter'],
  bundlerOptions?: WorkerOptions['bundlerOptions'],
): Promise<WorkflowBundleOption> {
  const { payloadConverterPath, failureConverterPath } = dataConverter ?? {};
  const codePath = prebuiltBundle(ROOT);
  const isPlain = payloadConverterPath === undefined && failureConverterPath === undefined;
  if (isPlain && existsSync(codePath)) return Promise.resolve({ codePath });
  const { ignoreModules, webpackConfigHook } = (!isPlain && bundlerOptions) || {};
  const named = { payloadConverterPath, failureConverterPath, ignoreModules };
  // Of two hooks nobody can tell that they do the same.
  if (webpackConfigHook) return bundleWorkflows(ROOT, { ...named, webpackConfigHook });
  return bundles.get(JSON.stringify(named), () => bundleWorkflows(ROOT, named));
}

/** Bundles the workflows of the package whose code is in the folder `root`. */
export function bundleWorkflows(root: string, added: Added = {}): Promise<WorkflowBundleWithSourceMap> {
  const { workflowsPath, workflowModules } = codeIn(root);
  const { logger } = Runtime.instance();
  return bundleWorkflowCode({ workflowsPath, workflowInterceptorModules: workflowModules, logger, ...added });
}

/** Where the build puts a bundle. It holds the SDK's own code for workflows, which must be of the version of the worker that runs it. */
export function prebuiltBundle(root: string, what: 'workflow' | 'sample' = 'workflow'): string {
  return join(root, `${what}-bundle-${version}.js`);
}
