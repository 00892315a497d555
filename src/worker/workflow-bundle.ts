import { join } from 'node:path';
import { bundleWorkflowCode, Runtime, type WorkerOptions, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { Remembered } from '../async/remembered';
import type { WorkerConnection } from './connection';

const workflowsPath = join(__dirname, '../workflows');
const workflowModules = [join(__dirname, '../workflows/query-guard')];
const bundles = new Remembered<WorkflowBundleWithSourceMap>(Infinity);

/**
 * The worker options for our workflow code: bundled once per process, since that takes seconds of CPU. `isFinal`: no plugin of the
 * connection changes the data converter, which can be part of the bundle; else the SDK bundles, with what plugins make of it.
 */
export async function workflowCode(
  { dataConverter }: WorkerConnection,
  isFinal: boolean,
): Promise<Partial<WorkerOptions>> {
  if (!isFinal) return { workflowsPath, interceptors: { workflowModules } };
  const { payloadConverterPath, failureConverterPath } = dataConverter ?? {};
  const key = JSON.stringify([payloadConverterPath, failureConverterPath]);
  const workflowBundle = await bundles.get(key, () =>
    bundleWorkflowCode({
      workflowsPath,
      workflowInterceptorModules: workflowModules,
      logger: Runtime.instance().logger,
      payloadConverterPath,
      failureConverterPath,
    }),
  );
  return { workflowBundle };
}
