import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const PROCESS = join(__dirname, '../../src/worker-process.ts');

/** What the process says before it gives up: nobody listens on the address. */
async function complaintWith(variables: Record<string, string>): Promise<string> {
  const env = { ...process.env, AWS_REGION: 'us-west-2', ...variables };
  const failed = await promisify(execFile)(process.execPath, ['--import', 'tsx', PROCESS], { env }).then(
    () => Promise.reject(new Error('it started')),
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed.code).toBe(2);
  return failed.stderr;
}

it('says in one line which address of a Temporal server does not answer', async () => {
  const said = await complaintWith({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(said).toMatch(/^TEMPORAL_ADDRESS is 127\.0\.0\.1:1, and no Temporal server answers there: .*\n$/);
});

it('takes variables that are set to nothing for not set', async () => {
  const nothing = {
    LOG_LEVEL: '',
    TEMPORAL_NAMESPACE: '',
    TEMPORAL_API_KEY: '',
    TEMPORAL_TLS: '',
    TEMPORAL_PROFILE: '',
  };
  expect(await complaintWith({ ...nothing, TEMPORAL_ADDRESS: '127.0.0.1:1' })).toContain(
    'TEMPORAL_ADDRESS is 127.0.0.1:1',
  );
});

it('refuses a log level that does not exist, with those that do', async () => {
  expect(await complaintWith({ LOG_LEVEL: 'loud' })).toContain('LOG_LEVEL is loud, but it must be one of trace');
});
