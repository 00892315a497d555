import { checkFaultRules } from './fault-rule-check';
import { seededRandom } from './seeded-random';
import type { FaultAction, FaultRule, FaultRuleState } from './types';

/** The part of a call that fault rules match. */
export interface FaultSubject {
  /** The operation. */
  operation: string | null;
  /** The stream that the input names. */
  progressUpdateStream: string | null;
  /** The task that the input names. */
  migrationTaskName: string | null;
}

interface ActiveRule {
  rule: FaultRule;
  /** When it was set, epoch seconds. */
  setAt: number;
  /** Calls that matched, whether it fired or not. */
  seen: number;
  fired: number;
  random: () => number;
}

/** The fault rules in order, with their counters. */
export class FaultRules {
  private active: ActiveRule[] = [];

  /** @param now the emulator's clock, epoch seconds */
  constructor(private readonly now: () => number) {}

  /**
   * Replaces all rules; the counters begin at 0.
   * @throws FaultRuleError when a rule is not valid; the rules stay as they are then
   */
  set(rules: unknown): void {
    const setAt = this.now();
    this.active = structuredClone(checkFaultRules(rules)).map((rule) => {
      return { rule, setAt, seen: 0, fired: 0, random: seededRandom(rule.seed ?? 1) };
    });
  }

  /** Removes all rules. */
  clear(): void {
    this.active = [];
  }

  /** The rules in order, with their counters. */
  list(): FaultRuleState[] {
    return this.active.map(({ rule, seen, fired }) => ({ ...rule, seen, fired }));
  }

  /** The action of the first rule that fires for a call; undefined when none does. */
  pick(subject: FaultSubject): FaultAction | undefined {
    return this.active.find((rule) => this.fires(rule, subject))?.rule.action;
  }

  private fires(active: ActiveRule, subject: FaultSubject): boolean {
    const { match = {}, probability = 1, times = Infinity, forSeconds = Infinity } = active.rule;
    if (match.operation !== undefined && match.operation !== subject.operation) return false;
    if (match.stream !== undefined && match.stream !== subject.progressUpdateStream) return false;
    if (match.task !== undefined && match.task !== subject.migrationTaskName) return false;
    active.seen += 1;
    if (this.now() - active.setAt >= forSeconds || active.fired >= times) return false;
    if (match.nth !== undefined && match.nth !== active.seen) return false;
    if (active.random() >= probability) return false;
    active.fired += 1;
    return true;
  }
}
