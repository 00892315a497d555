import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { ROOT } from '../../worker/root';
import { prebuiltBundle } from '../../worker/workflow-bundle';

/** Bundles the workflows of the sample, of the package whose code is in the folder `root`. */
export const bundleSample = (root: string): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({
    workflowsPath: join(root, 'dev-environment/sample/workflows'),
    logger: Runtime.instance().logger,
  });

/** Where the build puts it. */
export const prebuiltSample = (root: string): string => prebuiltBundle(root, 'sample');

/** The code of the sample's workflows: what the build has made, else bundled now, which takes seconds of CPU. */
export const sampleCode = async () =>
  existsSync(prebuiltSample(ROOT)) ? { codePath: prebuiltSample(ROOT) } : bundleSample(ROOT);
