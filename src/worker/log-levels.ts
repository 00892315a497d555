import { levels } from 'pino';

/** What `LOG_LEVEL` may be. */
export const LOG_LEVELS = [...Object.keys(levels.values), 'silent'];
