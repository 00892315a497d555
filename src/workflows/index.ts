/** @module The workflows of the queue `migration-hub`. */
export { migrationApplication } from './migration-application';
export { migrationHeartbeat } from './migration-heartbeat';
export { migrationStream } from './migration-stream';
