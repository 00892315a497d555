import { DescribeApplicationStateCommand, NotifyApplicationStateCommand } from '@aws-sdk/client-migration-hub';
import type { ApplicationApi } from './api';
import { MigrationHubError } from './errors';
import { dry, type Send } from './send';

/** The calls about the state of an application. */
export const applicationCommands = (send: Send): ApplicationApi => ({
  async describeApplicationState(ApplicationId, o) {
    try {
      return (await send(new DescribeApplicationStateCommand({ ApplicationId }), o))?.ApplicationStatus;
    } catch (error) {
      // The API has no other answer for an application of which nothing was notified.
      if (error instanceof MigrationHubError && error.failure.type === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  },
  async notifyApplicationState({ applicationId, status, updateDateTime }, o) {
    const input = {
      ApplicationId: applicationId,
      Status: status,
      UpdateDateTime: new Date(updateDateTime * 1000),
      ...dry(o),
    };
    await send(new NotifyApplicationStateCommand(input), o);
  },
});
