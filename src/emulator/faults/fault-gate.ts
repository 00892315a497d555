import type { FaultRules, FaultSubject } from './fault-rules';
import type { Outage } from './outage';
import type { Throttle } from './throttle';
import type { Fault } from './types';

/**
 * Makes the function that returns the fault of a call, if there is one. It asks the outage, then the throttle, then the
 * rules: an outage takes no token and counts in no rule, and the rules see only calls that the throttle let pass.
 */
export function faultGate({ outage, throttle, rules }: { outage: Outage; throttle: Throttle; rules: FaultRules }) {
  return (subject: FaultSubject): Fault | undefined => {
    const down = outage.fault();
    if (down) return down;
    const throttled = throttle.action();
    if (throttled) return { name: 'token-bucket', action: throttled };
    const action = rules.pick(subject);
    return action && { name: action.type, action };
  };
}
