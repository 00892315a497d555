import { join } from 'node:path';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { attributesOf, readHistory, ROOT, type StoredHistory, type WorkflowsOf } from '../../dev/histories/files';
import { fromJson } from '../../dev/histories/json';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';

// Replays that must fail are no news.
const logging = { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) };
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });

const OURS = { workflows: 'src/workflows', interceptors: ['src/workflows/query-guard', 'src/workflows/trace-relay'] };
/** As our worker has it, and as a user's worker might. Paths are within a copy of the repository. */
const SOURCES: Record<WorkflowsOf, { workflows: string; interceptors: string[] }> = {
  heartbeat: OURS,
  stream: OURS,
  user: { workflows: 'test/fixtures/recorded-migrations.ts', interceptors: [] },
};

export const bundleOf = (of: WorkflowsOf, root = ROOT): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({
    workflowsPath: join(root, SOURCES[of].workflows),
    workflowInterceptorModules: SOURCES[of].interceptors.map((module) => join(root, module)),
    logger: new DefaultLogger('ERROR'),
  });

/** @throws DeterminismViolationError where the workflow's commands are not those of the history. */
export async function replay(workflowBundle: WorkflowBundleWithSourceMap, stored: StoredHistory): Promise<void> {
  const history = readHistory(stored);
  const { workflowId } = attributesOf(history.events[0]) as { workflowId: string };
  await Worker.runReplayHistory({ workflowBundle, ...LOADED_MACHINE }, fromJson(history), workflowId);
}
