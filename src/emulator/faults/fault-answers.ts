import type { Answer } from './connection-faults';
import { MigrationHubError } from '../hub/errors';
import type { FaultAction, ThrottleAction } from './types';

/** The default of `skewSeconds`. */
const SKEW_SECONDS = 900;

function throttled(action: ThrottleAction): MigrationHubError {
  const { retryAfterSeconds = 1, httpStatus = 400, retryAfterIn = 'body' } = action;
  const members = retryAfterIn === 'header' ? {} : { RetryAfterSeconds: retryAfterSeconds };
  const headers: Record<string, string> = retryAfterIn === 'body' ? {} : { 'retry-after': String(retryAfterSeconds) };
  return new MigrationHubError('ThrottlingException', 'Rate exceeded', httpStatus, members, headers);
}

/** As when the clock of the caller, or of the service, is wrong. It is the only answer whose Date is not the real time. */
function invalidSignature(skewSeconds: number): MigrationHubError {
  const message = `The signature is not valid: the clocks of caller and service differ by ${skewSeconds} seconds.`;
  const date = new Date(Date.now() + skewSeconds * 1000).toUTCString();
  return new MigrationHubError('InvalidSignatureException', message, 400, {}, { date });
}

/** The error that a fault returns; undefined for faults that return no JSON. */
export function faultError(action: FaultAction, isDryRun: boolean): MigrationHubError | undefined {
  switch (action.type) {
    case 'throttle':
      return throttled(action);
    case 'service-unavailable':
      return new MigrationHubError('ServiceUnavailableException', 'The service is unavailable.', 500);
    case 'internal':
      return new MigrationHubError('InternalServerError', 'Something failed inside the service.', 500);
    case 'access-denied':
      return isDryRun
        ? new MigrationHubError('UnauthorizedOperation', 'The dry run found no permission for this operation.')
        : new MigrationHubError('AccessDeniedException', 'You have no permission for this operation.');
    case 'policy-error':
      return new MigrationHubError('PolicyErrorException', 'A policy of the account is not as it should be.');
    case 'home-region-not-set':
      return new MigrationHubError('HomeRegionNotSetException', 'The home region is not set.');
    case 'expired-token':
      return new MigrationHubError('ExpiredTokenException', 'The security token included in the request is expired');
    case 'invalid-signature':
      return invalidSignature(action.skewSeconds ?? SKEW_SECONDS);
    default:
      return undefined;
  }
}

const page = (httpStatus: number, contentType: string, body: string): Answer => {
  return { httpStatus, headers: { 'content-type': contentType }, body };
};

/** The answer, not of the service, that a fault returns; undefined for faults that return none. */
export function faultPage(action: FaultAction): Answer | undefined {
  switch (action.type) {
    case 'html-503': // as from a load balancer
      return page(503, 'text/html', '<html><body><h1>503 Service Unavailable</h1></body></html>');
    case 'text-400': // as from an HTTP server that cannot read the request
      return page(400, 'text/plain', 'Bad Request');
    case 'bad-json': // as from a defective proxy
      return page(200, 'application/x-amz-json-1.1', '{"Message": OK');
    default:
      return undefined;
  }
}
