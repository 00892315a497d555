import type { WorkerDeploymentVersion } from '@temporalio/common';
import { ConfigurationError } from '../../report/configuration-error';
import type { MigrationHubWorkerOptions } from '../options';
import type { OwnSettings } from './own-settings';

/** The options of the workers. @throws ConfigurationError for settings that do not go together */
export function workerOptions(own: OwnSettings): MigrationHubWorkerOptions {
  const { heartbeatFraction, lingerSeconds, silenceLimitSeconds, deadlineSearchAttribute } = own;
  checkServed(own);
  return {
    region: own.region.value,
    // A variable is left to the AWS client, which calls it by its name.
    endpoint: own.endpoint.from.startsWith('--') ? own.endpoint.value : undefined,
    groups: own.groups.value,
    nexus: own.nexus.value,
    concurrency: own.concurrency.value,
    maxNotifyActivitiesPerSecond: own.maxNotifyActivitiesPerSecond.value,
    workerDeploymentVersion: deploymentVersion(own),
    heartbeat: {
      heartbeatFraction: heartbeatFraction.value,
      lingerSeconds: lingerSeconds.value,
      silenceLimitSeconds: silenceLimitSeconds.value,
      deadlineSearchAttribute: deadlineSearchAttribute.value,
    },
  };
}

/** What only those who ask over HTTP would see. The image sets the variable of the host. @throws ConfigurationError */
function checkServed({ httpPort, httpHost, countTasksEverySeconds }: OwnSettings): void {
  if (httpPort.value !== undefined) return;
  if (httpHost.from.startsWith('--'))
    throw new ConfigurationError(`${httpHost.from} is set, but nothing is served without --http-port: set both`);
  if (countTasksEverySeconds.value)
    throw new ConfigurationError(
      `${countTasksEverySeconds.from} is set, but only /metrics shows what is counted: set --http-port too, or leave it out`,
    );
}

/** The version of Worker Versioning, where there is one. @throws ConfigurationError for half of one */
function deploymentVersion({ deploymentName, buildId }: OwnSettings): WorkerDeploymentVersion | undefined {
  if (deploymentName.value !== undefined && buildId.value !== undefined)
    return { deploymentName: deploymentName.value, buildId: buildId.value };
  const { from } = deploymentName.value === undefined ? buildId : deploymentName;
  if (from === 'default') return undefined;
  throw new ConfigurationError(
    `${from} is set, but Worker Versioning needs a name and a build: set --deployment-name and --build-id, or none of them`,
  );
}
