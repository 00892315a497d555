import {
  CreateProgressUpdateStreamCommand,
  DescribeMigrationTaskCommand,
  ImportMigrationTaskCommand,
  MigrationHubClient,
  NotifyMigrationTaskStateCommand,
  PutResourceAttributesCommand,
} from '@aws-sdk/client-migration-hub';
import type { CallOptions, MigrationHubApi } from './api';
import { ERROR_TABLE, MigrationHubError, toFailure } from './errors';

export interface AwsMigrationHubOptions {
  /** The home region of the account. Default: `AWS_REGION`. */
  region?: string;
  /** Another endpoint, such as the emulator's. Default: `AWS_ENDPOINT_URL_MIGRATION_HUB`, else AWS. */
  endpoint?: string;
  /** Seconds to connect. Default 2. */
  connectionTimeoutSeconds?: number;
  /** Seconds from request to answer; must stay below the activity's start-to-close of 30. Default 5. */
  requestTimeoutSeconds?: number;
}

/** Regions that can be a home region (AWS general reference, Migration Hub endpoints). */
export const HOME_REGIONS = [
  'us-east-1',
  'us-west-2',
  'ap-southeast-2',
  'ap-northeast-1',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
];

/** A setting of the worker is missing or wrong; the message names it and the mend. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** The adapter over the AWS SDK: one attempt per call, since retries belong to Temporal. */
export function createAwsMigrationHub(options: AwsMigrationHubOptions = {}): MigrationHubApi {
  const endpoint = options.endpoint ?? process.env['AWS_ENDPOINT_URL_MIGRATION_HUB'];
  const region = options.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (!region)
    throw new ConfigurationError(
      `AWS_REGION is not set: set it (or the option region) to the Migration Hub home region, one of ${HOME_REGIONS.join(', ')}`,
    );
  if (!endpoint && !HOME_REGIONS.includes(region))
    throw new ConfigurationError(
      `AWS_REGION is ${region}, which has no Migration Hub: use the home region, one of ${HOME_REGIONS.join(', ')}`,
    );
  if (endpoint && !URL.canParse(endpoint))
    throw new ConfigurationError(
      `AWS_ENDPOINT_URL_MIGRATION_HUB is "${endpoint}", which is no URL: write it as http://127.0.0.1:4599`,
    );
  const client = new MigrationHubClient({
    region,
    endpoint,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: (options.connectionTimeoutSeconds ?? 2) * 1000,
      requestTimeout: (options.requestTimeoutSeconds ?? 5) * 1000,
    } as never,
  });
  const call = async <T>(send: () => Promise<T>, dryRun?: boolean): Promise<T | undefined> => {
    try {
      return await send();
    } catch (error) {
      if (dryRun && ERROR_TABLE[(error as Error).name] === 'success') return undefined;
      throw new MigrationHubError(toFailure(error), { cause: error });
    }
  };
  // The SDK of this age takes a signal's single `onabort` for itself: each call needs a signal of its own.
  const own = (o?: CallOptions) => (o?.abortSignal ? { abortSignal: AbortSignal.any([o.abortSignal]) } : {});
  const dry = (o?: CallOptions) => (o?.dryRun ? { DryRun: true } : {});
  return {
    endpoint: endpoint ?? `https://mgh.${region}.amazonaws.com`,
    async createProgressUpdateStream(name, o) {
      await call(
        () => client.send(new CreateProgressUpdateStreamCommand({ ProgressUpdateStreamName: name, ...dry(o) }), own(o)),
        o?.dryRun,
      );
    },
    async importMigrationTask(task, o) {
      await call(() => client.send(new ImportMigrationTaskCommand({ ...keys(task), ...dry(o) }), own(o)), o?.dryRun);
    },
    async putResourceAttributes(task, attributes, o) {
      const ResourceAttributeList = attributes.map(({ type, value }) => ({ Type: type as never, Value: value }));
      await call(
        () =>
          client.send(new PutResourceAttributesCommand({ ...keys(task), ResourceAttributeList, ...dry(o) }), own(o)),
        o?.dryRun,
      );
    },
    async describeMigrationTask(task, o) {
      const found = (await call(() => client.send(new DescribeMigrationTaskCommand(keys(task)), own(o))))
        ?.MigrationTask;
      return {
        status: found?.Task?.Status as never,
        statusDetail: found?.Task?.StatusDetail,
        progressPercent: found?.Task?.ProgressPercent,
        updateDateTime: found?.UpdateDateTime && found.UpdateDateTime.getTime() / 1000,
      };
    },
    async notifyMigrationTaskState(n, o) {
      const input = {
        ...keys(n),
        Task: { Status: n.status, StatusDetail: n.statusDetail, ProgressPercent: n.progressPercent },
        UpdateDateTime: new Date(n.updateDateTime * 1000),
        NextUpdateSeconds: n.nextUpdateSeconds,
        ...dry(o),
      };
      await call(() => client.send(new NotifyMigrationTaskStateCommand(input), own(o)), o?.dryRun);
    },
    destroy: () => client.destroy(),
  };
}

function keys(task: { progressUpdateStream: string; migrationTaskName: string }) {
  return { ProgressUpdateStream: task.progressUpdateStream, MigrationTaskName: task.migrationTaskName };
}
