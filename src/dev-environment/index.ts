/** @module `temporal-migration-hub dev`: Temporal, the emulator, our worker, a sample and the board on one machine. */
export { startDevEnvironment } from './dev-environment';
export { otherWorkers } from './other-workers';
export type { DevAddresses, DevEnvironment, DevSettings } from './settings';
