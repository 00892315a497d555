/** @module Reads files of servers: wave files, inventories, and both joined. */
export * from './types';
export { readInventory } from './read-inventory';
export { registrationOf } from './servers/check-servers';
export { folded, toTaskName } from './values/task-name';
