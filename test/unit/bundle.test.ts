import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { expect, it } from 'vitest';

it.each(['../../src/workflows', '../fixtures/migrations.ts'])(
  'a workflow bundle of %s builds and holds no AWS and no client code',
  async (path) => {
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(__dirname, path),
      logger: new DefaultLogger('ERROR'),
    });
    const text = code.replace(/\/\/# sourceMappingURL=.*/, '');
    expect(text).not.toContain('@aws-sdk');
    expect(text).not.toContain('@temporalio/client');
    expect(text).not.toContain('src/migration-hub');
  },
);
