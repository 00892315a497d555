/** @module The workflows of the queue `migration-hub`. */
export { migrationHeartbeat } from './migration-heartbeat';
export { migrationStream } from './migration-stream';
