/** What a number of actions, transitions or invocations costs, by `prices.json`. Prices are USD, months are 30 days. */
import prices from '../prices.json';

/** Temporal Cloud, Business plan, with the plan's fee: the least bill is that fee. Above the last tier its price is taken further. */
export function temporalCloud(actions: number): number {
  const { perMillionActions: tiers, includedMillions, planMinimum, planShare } = prices.temporalCloud;
  const millions = Math.max(0, actions / 1e6 - includedMillions);
  let [used, below] = [0, 0];
  tiers.forEach(({ upToMillions, price }, i) => {
    const top = i === tiers.length - 1 ? Infinity : upToMillions;
    used += Math.max(0, Math.min(millions, top) - below) * price;
    below = upToMillions;
  });
  return used + Math.max(planMinimum, planShare * used);
}

/** The actions alone at the first tier's price: what they are worth where the plan is paid for anyway. */
export const actionsAlone = (actions: number): number =>
  (actions / 1e6) * (prices.temporalCloud.perMillionActions[0]?.price ?? NaN);

/** Transitions of Standard workflows. */
export function stepFunctions(transitions: number): number {
  const { perThousandTransitions, freeTransitions } = prices.stepFunctionsStandard;
  return (Math.max(0, transitions - freeTransitions) / 1000) * perThousandTransitions;
}

/** An invocation by EventBridge Scheduler and a Lambda function of 128 MB that runs for 200 ms. */
export function schedulerAndLambda(invocations: number): number {
  const { perMillionInvocations, freeMillions } = prices.eventBridgeScheduler;
  const { perMillionRequests, perGbSecond } = prices.lambda;
  const millions = invocations / 1e6;
  const scheduler = Math.max(0, millions - freeMillions) * perMillionInvocations;
  const gbSeconds = invocations * 0.125 * 0.2;
  return scheduler + millions * perMillionRequests + gbSeconds * perGbSecond;
}

/** The day on which the prices were read. */
export const PRICES_OF = prices.date;
