import type { Browser } from 'playwright-core';
import { createMigrationHubWorkers } from '../../src/worker/workers';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { startBoard } from '../../src/board';
import { startEmulator } from '../../src/emulator';
import { startDevServer } from '../servers';
import { axeFindings, openPage, type Checks } from './checks';

const STREAM = 'DatacenterExit';
const MOVES_MS = 10_000;
const HOSTILE = '<img src=x onerror=alert(1)>';

/** The whole of it: Temporal, emulator, worker, board and browser. */
export async function movesCheck(browser: Browser, checks: Checks): Promise<void> {
  const server = await startDevServer();
  const emulator = await startEmulator();
  const { client, nativeConnection: connection, namespace = 'default' } = server.env;
  const workers = await createMigrationHubWorkers(
    { connection, namespace },
    { region: 'us-west-2', endpoint: emulator.url },
  );
  const running = workers.run();
  const token = 'the-token-of-the-board-test';
  const board = await startBoard({ client, port: 0, token });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const hub = new MigrationHubClient({ client });
    const report = (migrationTaskName: string, progressPercent: number) =>
      hub.report({
        progressUpdateStream: STREAM,
        migrationTaskName,
        status: 'IN_PROGRESS',
        progressPercent,
        statusDetail: HOSTILE,
        labels: { wave: HOSTILE, application: 'erp' },
      });
    for (const name of ['web-01', 'web-02', HOSTILE]) await hub.waitForDelivery(await report(name, 10));
    const began = Date.now();
    const { page, complaints } = await openPage(context, `${board.url}/#token=${token}`);
    await page.getByRole('row', { name: 'web-01' }).getByText('10 %').waitFor();
    checks.check('the page shows tasks of Temporal within 10 s', Date.now() - began < MOVES_MS, Date.now() - began);
    checks.check('the token does not stay in the URL', !page.url().includes('token'), page.url());
    await hub.waitForDelivery(await report('web-01', 60));
    const reported = Date.now();
    await page.getByRole('row', { name: 'web-01' }).getByText('60 %').waitFor({ timeout: MOVES_MS });
    checks.check('a report moves the page within 10 s', true);
    process.stdout.write(`       it took ${Date.now() - reported} ms from the delivery on\n`);
    const rows = await page.getByRole('row').filter({ hasText: HOSTILE }).count();
    checks.check('markup in names is shown as text', rows >= 2 && (await page.locator('img').count()) === 0, rows);
    await page.getByRole('row', { name: 'web-01' }).click();
    await page.locator('.timeline .notification').first().waitFor();
    checks.check('the timeline tells deliveries', (await page.locator('.timeline .report').count()) === 2);
    checks.check('axe-core finds nothing in it', ...(await found(() => axeFindings(page))));
    checks.check('nothing of the page is complained of', complaints.length === 0, complaints);
    workers.shutdown();
    await running;
    await page.getByText(/No worker polls the task queue/).waitFor({ timeout: 150_000 });
    checks.check('without a worker the page says so', true);
  } finally {
    await context.close();
    await board.close();
    workers.shutdown();
    await running.catch(() => undefined);
    await emulator.close();
    await server.close();
  }
}

async function found(look: () => Promise<string[]>): Promise<[boolean, string[]]> {
  const findings = await look();
  return [findings.length === 0, findings];
}
