import { checkFaultRules } from './fault-rule-check';
import type { FaultAction, FaultRule } from '../types';
import { seededRandom } from './seeded-random';

/** What a rule can look at. */
export interface FaultSubject {
  operation: string | null;
  progressUpdateStream: string | null;
  migrationTaskName: string | null;
}

interface ActiveRule {
  rule: FaultRule;
  setAt: number;
  /** Requests that matched, whether it fired or not. */
  seen: number;
  fired: number;
  random: () => number;
}

/** The ordered fault rules and their counters. `now` answers epoch seconds. */
export class FaultRules {
  private active: ActiveRule[] = [];

  constructor(private readonly now: () => number) {}

  /** Replaces all rules, or throws a FaultRuleError and leaves them as they were. */
  set(rules: unknown): void {
    const setAt = this.now();
    this.active = structuredClone(checkFaultRules(rules)).map((rule) => {
      return { rule, setAt, seen: 0, fired: 0, random: seededRandom(rule.seed ?? 1) };
    });
  }

  clear(): void {
    this.active = [];
  }

  /** The rules in order, each with how many requests it has matched and how often it has fired. */
  list(): (FaultRule & { seen: number; fired: number })[] {
    return this.active.map(({ rule, seen, fired }) => ({ ...rule, seen, fired }));
  }

  /** The action of the first rule that fires for this request. */
  pick(subject: FaultSubject): FaultAction | undefined {
    return this.active.find((rule) => this.fires(rule, subject))?.rule.action;
  }

  private fires(active: ActiveRule, subject: FaultSubject): boolean {
    const { match = {}, probability = 1, times = Infinity, forSeconds = Infinity } = active.rule;
    if (this.now() - active.setAt >= forSeconds || active.fired >= times) return false;
    if (match.operation !== undefined && match.operation !== subject.operation) return false;
    if (match.stream !== undefined && match.stream !== subject.progressUpdateStream) return false;
    if (match.task !== undefined && match.task !== subject.migrationTaskName) return false;
    active.seen += 1;
    if (match.nth !== undefined && match.nth !== active.seen) return false;
    if (active.random() >= probability) return false;
    active.fired += 1;
    return true;
  }
}
