import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, openPage, overflow, type Checks } from './checks';
import { sampleTasks } from './sample-programme';
import { serveTasks } from './sample-server';

const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [1280, 800, 320];

/** Each look of the page: by day and night, on a desk and on a phone, with a panel and with bad news. Pictures go to a folder. */
export async function looksCheck(browser: Browser, page: string, pictures: string, checks: Checks): Promise<void> {
  const now = Date.now() / 1000;
  const tasks = sampleTasks({ tasks: 180, perWave: 24 }, now);
  const server = await serveTasks(page, tasks);
  const troubled = await serveTasks(page, tasks, {
    unreadable: { since: now - 75, why: '14 UNAVAILABLE: No connection established' },
    unserved: ['migration-hub', 'migration-hub-notify'],
    lookedAt: now - 76,
  });
  try {
    for (const colorScheme of SCHEMES)
      for (const width of WIDTHS) {
        const name = `${colorScheme}-${width}`;
        const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true });
        const { page: shown, complaints } = await openPage(context, server.url);
        await shown.getByRole('row').nth(5).waitFor();
        await look(shown, name, pictures, checks);
        await shown.goto(`${server.url}/?freshness=at-risk&freshness=stale&freshness=fresh`);
        await shown
          .locator('.line.task', { hasText: /At risk/ })
          .first()
          .click();
        await shown.locator('.timeline li').first().waitFor();
        await look(shown, `${name}-panel`, pictures, checks);
        await shown.goto(troubled.url);
        await shown.getByText(/^Temporal has not been readable/).waitFor();
        await shown.getByRole('row').nth(5).waitFor();
        await look(shown, `${name}-trouble`, pictures, checks);
        checks.check(`${name}: nothing is complained of`, complaints.length === 0, complaints);
        await context.close();
      }
  } finally {
    await server.close();
    await troubled.close();
  }
}

async function look(page: Page, name: string, pictures: string, checks: Checks): Promise<void> {
  // The bars have grown.
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  const findings = await axeFindings(page);
  checks.check(`${name}: axe-core finds nothing`, findings.length === 0, findings);
  checks.check(`${name}: nothing is wider than the window`, (await overflow(page)) <= 0, await overflow(page));
}
