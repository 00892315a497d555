import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import type { NotifyFailure } from '../task-state';
import { inMilliseconds, nextDelaySeconds } from './retry-delay';

/** New credentials may come while Temporal tries again. */
const MAY_BE_RENEWED = new Set([
  'ExpiredTokenException',
  'ExpiredToken',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'CredentialsProviderError',
]);

/** What an activity fails with that makes one call: Temporal tries again what may pass. */
export const asApplicationFailure = (failure: NotifyFailure): ApplicationFailure =>
  ApplicationFailure.create({
    message: failure.message,
    type: failure.type,
    nonRetryable: failure.retry !== 'backoff' && !MAY_BE_RENEWED.has(failure.type),
    nextRetryDelay: inMilliseconds(nextDelaySeconds([failure], Math.min(activityInfo().attempt, 6))),
  });
