import { heartbeatScenarios } from './heartbeats';
import { endScenarios } from './ends';
import { userScenarios } from './users';
import type { Scenario } from './scenario';

export type { Scenario } from './scenario';

export const SCENARIOS: readonly Scenario[] = [...heartbeatScenarios, ...endScenarios, ...userScenarios];
