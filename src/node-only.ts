/**
 * What bundlers for workflows and browsers get in place of every entry but './workflow' (the condition `browser` in the exports of
 * package.json). The SDK's bundler lists what workflow code must not require, and fails: so the list says what to import. It must
 * begin with the name of a package on that list. Requiring it leaves open which names this module exports.
 */
// eslint-disable-next-line @typescript-eslint/no-require-imports
module.exports = require('@temporalio/worker/ (by temporal-migration-hub: workflow code must import temporal-migration-hub/workflow)');
