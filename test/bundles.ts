import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleWorkflowCode } from '@temporalio/worker';

/** The migrations that most tests run. */
export const MIGRATIONS = join(__dirname, 'fixtures/migrations.ts');
/** The folder that the processes of one test run share; `vitest.build.mts` makes it. */
const SHARED = process.env['TEST_BUNDLES'] as string;

/** The workflows of a file, bundled once per test run: it takes seconds of CPU. */
export async function bundleOf(workflowsPath: string): Promise<{ codePath: string }> {
  const codePath = join(SHARED, `${createHash('sha1').update(workflowsPath).digest('hex')}.js`);
  while (!existsSync(codePath)) if (!(await bundledAlone(workflowsPath, codePath))) await sleep(200);
  return { codePath };
}

/** False while another process bundles the same. */
async function bundledAlone(workflowsPath: string, codePath: string): Promise<boolean> {
  const lock = `${codePath}.lock`;
  try {
    await mkdir(lock);
  } catch {
    return false;
  }
  try {
    const { code } = await bundleWorkflowCode({ workflowsPath });
    await writeFile(`${codePath}.part`, code);
    await rename(`${codePath}.part`, codePath);
    return true;
  } finally {
    await rm(lock, { recursive: true });
  }
}
