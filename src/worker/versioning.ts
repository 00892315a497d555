import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { Runtime, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
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

/** gRPC's codes. */
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;
const CALL_MS = 5_000;
/** Temporal knows a version some seconds after its workers have asked for tasks. */
const LOOK_MS = 2_000;
const LOOKS = 15;

const describe = (connection: NativeConnection, namespace: string, deploymentName: string) =>
  connection.withDeadline(Date.now() + CALL_MS, () =>
    connection.workflowService.describeWorkerDeployment({ namespace, deploymentName }),
  );

/**
 * Asks the server whether such a deployment can be: polls of one that cannot be are refused, and nobody is told.
 * @throws ConfigurationError where it cannot
 */
export async function checkDeployment(
  connection: NativeConnection,
  namespace: string,
  { deploymentName }: WorkerDeploymentVersion,
): Promise<void> {
  try {
    await describe(connection, namespace, deploymentName);
  } catch (error) {
    const { code, message, details } = error as Error & { code?: unknown; details?: string };
    const named = `the deployment name is ${JSON.stringify(deploymentName)} (--deployment-name, ${OPTION})`;
    if (code === INVALID_ARGUMENT) throw new ConfigurationError(`${named}, but Temporal says: ${details || message}`);
    if (code === UNIMPLEMENTED)
      throw new ConfigurationError(`${named}, but this Temporal server has no Worker Versioning: leave it out`);
    // Of one that is new, or that may not be looked at, nothing is known.
  }
}

/** Logs whether this version is the current one: others get no tasks, and nothing would say so. Nothing waits for it. */
export async function sayVersion(
  connection: NativeConnection,
  namespace: string,
  { deploymentName, buildId }: WorkerDeploymentVersion,
  end: AbortSignal,
): Promise<void> {
  const { logger } = Runtime.instance();
  const named = `build ${buildId} of the Worker Deployment ${deploymentName}`;
  const mend = `temporal worker deployment set-current-version --namespace ${namespace} --deployment-name ${deploymentName} --build-id ${buildId}`;
  for (let look = 0; look < LOOKS && !end.aborted; look++) {
    await sleep(LOOK_MS, undefined, { signal: end, ref: false }).catch(() => undefined);
    const { workerDeploymentInfo: info } = await describe(connection, namespace, deploymentName).catch(unknownYet);
    if (!info?.versionSummaries?.some(({ deploymentVersion }) => deploymentVersion?.buildId === buildId)) continue;
    const { currentDeploymentVersion: current, rampingDeploymentVersion: ramping } = info.routingConfig ?? {};
    if (current?.buildId === buildId) logger.info(`${named} is the current version`);
    else if (ramping?.buildId === buildId) logger.info(`${named} is the ramping version`);
    else logger.warn(`${named} is not the current version, so Temporal gives it no tasks until it is: ${mend}`);
    return;
  }
  if (!end.aborted)
    logger.warn(`Temporal does not list ${named} yet, and gives it no tasks: check both names, then run ${mend}`);
}

function unknownYet(error: unknown): { workerDeploymentInfo?: undefined } {
  if ((error as { code?: unknown }).code !== NOT_FOUND)
    Runtime.instance().logger.debug('the Worker Deployment could not be described', { error });
  return {};
}
