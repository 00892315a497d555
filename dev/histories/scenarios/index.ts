import { heartbeatScenarios } from './heartbeats';
import { endScenarios } from './ends';
import { moveScenarios } from './moves';
import { userScenarios } from './users';
import type { Scenario } from './scenario';

export type { Scenario } from './scenario';

export const SCENARIOS: readonly Scenario[] = [
  ...heartbeatScenarios,
  ...endScenarios,
  ...moveScenarios,
  ...userScenarios,
];
