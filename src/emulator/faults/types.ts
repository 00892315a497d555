/** How a throttled call is answered, by a fault rule or by the throttle. */
export interface ThrottleForm {
  /**
   * 400, as in the API reference, or 429, as in the Smithy model.
   * @default 400
   */
  httpStatus?: 400 | 429;
  /**
   * Where the seconds to wait are: `RetryAfterSeconds` in the body, as in the model, the Retry-After header, or both.
   * @default 'body'
   */
  retryAfterIn?: 'body' | 'header' | 'both';
}

/** The action `throttle` of a fault rule: ThrottlingException. */
export interface ThrottleAction extends ThrottleForm {
  /** The kind of fault. */
  type: 'throttle';
  /**
   * Seconds to wait, an integer from 0.
   * @default 1
   */
  retryAfterSeconds?: number;
}

/** The action `invalid-signature` of a fault rule: InvalidSignatureException, 400, with a wrong Date header. */
export interface InvalidSignatureAction {
  /** The kind of fault. */
  type: 'invalid-signature';
  /**
   * How far the Date header is ahead of the real time, in seconds; negative: behind. At most ten years. AWS clients
   * correct their clock by it and sign later calls accordingly.
   * @default 900
   */
  skewSeconds?: number;
}

/** The action `slow` of a fault rule: the call is carried out and answered late, even when the caller has given up. */
export interface SlowAction {
  /** The kind of fault. */
  type: 'slow';
  /** How late, in milliseconds, 0 to 2147483647. */
  ms: number;
}

/**
 * What a fault does to a call. With `slow`, `apply-then-reset`, `apply-then-hang`, `truncate` and `empty-body` the call
 * is checked and carried out as without a fault; with the others it is not carried out.
 */
export type FaultAction =
  | ThrottleAction
  /** ServiceUnavailableException, 500. */
  | { type: 'service-unavailable' }
  /** An HTML page with status 503, as a load balancer sends it. */
  | { type: 'html-503' }
  /** The text `Bad Request` with status 400: not JSON, so that no AWS error can be read from it. */
  | { type: 'text-400' }
  /** InternalServerError, 500. */
  | { type: 'internal' }
  /** AccessDeniedException, 400; for a dry run UnauthorizedOperation. */
  | { type: 'access-denied' }
  /** HomeRegionNotSetException, 400. */
  | { type: 'home-region-not-set' }
  /** PolicyErrorException, 400. */
  | { type: 'policy-error' }
  /** ExpiredTokenException, 400. */
  | { type: 'expired-token' }
  | InvalidSignatureAction
  /** The connection is reset. */
  | { type: 'reset' }
  /** The call is carried out, then the connection is reset. */
  | { type: 'apply-then-reset' }
  /** The call is carried out and never answered; the connection stays open. */
  | { type: 'apply-then-hang' }
  /** The call is carried out; half of the answer is sent, then the connection is closed. */
  | { type: 'truncate' }
  /** Status 200 with a body that is not JSON, as from a proxy; the call is not carried out. */
  | { type: 'bad-json' }
  /** The call is carried out; a success has status 200 and no body, an error is answered as without a fault. */
  | { type: 'empty-body' }
  /** The call is never answered; the connection stays open. */
  | { type: 'hang' }
  | SlowAction;

/** What hit a request: the action of a fault rule, the throttle, or an outage. */
export type FaultName = FaultAction['type'] | 'token-bucket' | `outage-${OutageSetting['type']}`;

/** A fault that hits a call. */
export interface Fault {
  /** Its name in the journal. */
  name: FaultName;
  /** What it does. */
  action: FaultAction;
}

/** An outage: no AWS call is carried out. `/_mgh/` is answered as ever. */
export interface OutageSetting {
  /**
   * `refuse`: the connection of every call is reset; `html-503`: an HTML page with status 503; `hang`: calls are never
   * answered.
   */
  type: 'refuse' | 'html-503' | 'hang';
  /**
   * Seconds until it ends, above 0, by the emulator's clock.
   * @default until it is cleared
   */
  forSeconds?: number;
}

/** A throttle: a token bucket, refilled by real time, whatever the emulator's clock shows. AWS documents no rates. */
export interface ThrottleSetting extends ThrottleForm {
  /** Calls per second in the long run, above 0 up to 1000000, fractions allowed. */
  ratePerSecond: number;
  /**
   * The size of the bucket: calls that pass at once after a pause, an integer from 1 to 1000000.
   * @default `ratePerSecond`, rounded up
   */
  burst?: number;
}

/** Which calls a fault rule is for. All given members must match. */
export interface FaultMatch {
  /** The name of the operation. */
  operation?: string;
  /** The progress update stream that the input names. */
  stream?: string;
  /** The migration task that the input names. */
  task?: string;
  /** Only the nth call, from 1, of those that match the other members. */
  nth?: number;
}

/** One rule of `POST /_mgh/faults`. The first rule that fires decides; later ones do not see (or count) the call. */
export interface FaultRule {
  /**
   * The calls that the rule is for.
   * @default all calls
   */
  match?: FaultMatch;
  /**
   * The probability that it fires for a call that matches, 0 to 1.
   * @default 1
   */
  probability?: number;
  /**
   * The seed of the rule's random numbers, an integer.
   * @default 1
   */
  seed?: number;
  /**
   * How often it fires at most, an integer from 1.
   * @default without limit
   */
  times?: number;
  /**
   * Seconds from when it was set until it ends, above 0, by the emulator's clock.
   * @default without end
   */
  forSeconds?: number;
  /** What happens to the call. */
  action: FaultAction;
}

/** A fault rule with its counters, as `GET /_mgh/faults` shows it. */
export interface FaultRuleState extends FaultRule {
  /** Calls that matched, whether the rule fired or not; also after its last time, and after `forSeconds`. */
  seen: number;
  /** Calls that it fired for. */
  fired: number;
}
