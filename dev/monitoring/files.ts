import { resolve } from 'node:path';
import { dashboardJson } from './dashboard';
import { rulesYaml } from './rules';

const DEPLOY = resolve(__dirname, '../../deploy');
/** The alert rules. */
export const RULES_FILE = resolve(DEPLOY, 'prometheus/migration-hub.rules.yaml');
/** The dashboard. */
const DASHBOARD_FILE = resolve(DEPLOY, 'grafana/migration-hub.json');

/** What is generated: the text by file. */
export const FILES: Record<string, () => string> = { [RULES_FILE]: rulesYaml, [DASHBOARD_FILE]: dashboardJson };
