import type { FaultRules, FaultSubject } from './fault-rules';
import type { Outage } from './outage';
import type { Throttle } from './throttle';
import type { FaultAction, FaultName } from '../types';

/** What stands between a call and the work, and by which name the journal knows it. */
export interface Fault {
  name: FaultName;
  action: FaultAction;
}

/**
 * Asks, in this order, the outage, the throttle and the rules. So during an outage no token is taken and no rule counts,
 * and the rules see only the calls that the throttle let pass.
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
