import type { Sample } from './inputs';

/** Two verdicts on one input that do not agree. */
export interface Dispute {
  sample: Sample;
  /** The oracle allows it, the emulator refuses it; or the other way round. */
  allowedBy: 'oracle' | 'emulator';
  /** What the emulator said, if it refused. */
  message: string;
  /** The oracle's verdict on the same input without nulls. */
  allowedWithoutNulls: boolean;
}

const refusedWith =
  (start: RegExp) =>
  ({ allowedBy, message }: Dispute): boolean =>
    allowedBy === 'oracle' && start.test(message);

/** Why the emulator and the oracle may disagree; anything else is a fault of one of them. */
export const KNOWN_REASONS: readonly { reason: string; fits: (dispute: Dispute) => boolean }[] = [
  {
    reason: 'null is the same as absent for a Smithy server, but a value of a wrong type in JSON Schema',
    fits: ({ allowedBy, allowedWithoutNulls }) => allowedBy === 'emulator' && allowedWithoutNulls,
  },
  {
    reason: 'a Smithy integer has 32 bits, which its JSON Schema does not say',
    fits: refusedWith(/ must be (<= 2147483647|>= -2147483648)/),
  },
  {
    reason: 'a time outside the years 1 to 9999, which a Smithy timestamp may say and many clients cannot read',
    fits: refusedWith(/DateTime must be (<= 253402300799|>= -62135596800)/),
  },
  {
    reason: 'a NextToken of the right form that no list has given',
    fits: refusedWith(/^NextToken is not one that this list has given/),
  },
  {
    reason: 'a stream that an earlier input has deleted',
    fits: refusedWith(/^Progress update stream .* is being deleted/s),
  },
  {
    reason: 'a home region control that does not exist',
    fits: refusedWith(/^There is no home region control /),
  },
  {
    reason: 'a home region while another is set',
    fits: refusedWith(/^The home region is /),
  },
  {
    reason: 'a home region for another account than that of the caller',
    fits: refusedWith(/^Target\.Id must be the calling account/),
  },
];

/** A copy without members that are null, as a Smithy server reads it. */
export function withoutNulls<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), function (this: unknown, _key, each: unknown) {
    return each === null && !Array.isArray(this) ? undefined : each;
  }) as T;
}
