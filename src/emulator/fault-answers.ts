import { MigrationHubError } from './errors';
import type { FaultAction } from './types';

/** The page a load balancer would send: a body that no AWS client can parse. */
export const HTML_503 = '<html><body><h1>503 Service Unavailable</h1></body></html>';

/** The error that a fault answers, or undefined for faults that are not answers in JSON. */
export function faultError(action: FaultAction, isDryRun: boolean): MigrationHubError | undefined {
  switch (action.type) {
    case 'throttle': {
      const { retryAfterSeconds = 1, httpStatus = 400 } = action;
      const headers: Record<string, string> = httpStatus === 429 ? { 'retry-after': String(retryAfterSeconds) } : {};
      const members = { RetryAfterSeconds: retryAfterSeconds };
      return new MigrationHubError('ThrottlingException', 'Rate exceeded', httpStatus, members, headers);
    }
    case 'service-unavailable':
      return new MigrationHubError('ServiceUnavailableException', 'The service is unavailable.', 500);
    case 'internal':
      return new MigrationHubError('InternalServerError', 'Something failed inside the service.', 500);
    case 'access-denied':
      return isDryRun
        ? new MigrationHubError('UnauthorizedOperation', 'The dry run found no permission for this operation.')
        : new MigrationHubError('AccessDeniedException', 'You have no permission for this operation.');
    case 'home-region-not-set':
      return new MigrationHubError('HomeRegionNotSetException', 'The home region is not set.');
    case 'expired-token':
      return new MigrationHubError('ExpiredTokenException', 'The security token included in the request is expired');
    default:
      return undefined;
  }
}
