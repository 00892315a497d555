import { join } from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { Remembered } from '../src/async/remembered';

/** The migrations that most tests run. */
export const MIGRATIONS = join(__dirname, 'fixtures/migrations.ts');

const bundles = new Remembered<WorkflowBundleWithSourceMap>(Infinity);

/** The workflows of a file, bundled once per process: it takes seconds of CPU. */
export const bundleOf = (workflowsPath: string): Promise<WorkflowBundleWithSourceMap> =>
  bundles.get(workflowsPath, () => bundleWorkflowCode({ workflowsPath }));
