import type { WorkerDeploymentVersion } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import { ConfigurationError } from '../report/configuration-error';
import { checkOptionNames } from '../report/option-names';

const OPTION = 'workerDeploymentVersion';

/** The option. @throws ConfigurationError unless it has both parts */
export function checkedVersion(version: WorkerDeploymentVersion | undefined): WorkerDeploymentVersion | undefined {
  if (version === undefined) return undefined;
  checkOptionNames<WorkerDeploymentVersion>(OPTION, version, { deploymentName: true, buildId: true });
  for (const part of ['deploymentName', 'buildId'] as const)
    if (typeof version[part] !== 'string' || version[part] === '')
      throw new ConfigurationError(`${OPTION}.${part} is ${JSON.stringify(version[part])}, but it must be a text`);
  return version;
}

/** What the SDK makes of it. Old histories replay with new code, so no workflow need stay with the build that it began with. */
export const versioning = (version: WorkerDeploymentVersion | undefined): WorkerOptions['workerDeploymentOptions'] =>
  version && { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' };
