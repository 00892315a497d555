/**
 * Runs the test that docs/guide/testing.md shows, as it stands there, but for the time-skipping server: it would be downloaded, and is
 * the one of `dev/servers`.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, vi } from 'vitest';
import { startTimeSkippingServer } from '../../dev/servers';
import '../../examples/snippets/testing/migrate-server.test';

const create = TestWorkflowEnvironment.createTimeSkipping.bind(TestWorkflowEnvironment);
const spy = vi.spyOn(TestWorkflowEnvironment, 'createTimeSkipping');
spy.mockImplementation((options) => {
  if (options) return create(options);
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  return startTimeSkippingServer();
});
afterAll(() => spy.mockRestore());
