import { applicationScenarios } from './applications';
import { heartbeatScenarios } from './heartbeats';
import { endScenarios } from './ends';
import { groupScenarios } from './groups';
import { userScenarios } from './users';
import type { Scenario } from './scenario';

export type { Scenario } from './scenario';

export const SCENARIOS: readonly Scenario[] = [
  ...heartbeatScenarios,
  ...endScenarios,
  ...groupScenarios,
  ...applicationScenarios,
  ...userScenarios,
];
