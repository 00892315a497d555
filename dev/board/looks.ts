import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { keyOf, type BoardTask } from '../../src/board/wire';
import { axeFindings, openPage, overflow, type Checks } from './checks';
import { oddTasks, sampleTasks } from './sample-programme';
import { serveTasks, type SampleServer } from './sample-server';

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
        await shown.getByText(/^Reading from Temporal has failed/).waitFor();
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

interface OddServers {
  empty: SampleServer;
  odd: SampleServer;
  guarded: SampleServer;
}

async function oddLooks(
  browser: Browser,
  servers: OddServers,
  width: number,
  pictures: string,
  checks: Checks,
  odd: BoardTask[],
  token: string,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true });
  const { page: shown, complaints } = await openPage(context, servers.empty.url);
  await shown.getByText(/^No task was reported/).waitFor();
  await look(shown, `empty-${width}`, pictures, checks);
  await shown.goto(servers.odd.url);
  await shown.locator('.line.task').nth(5).waitFor();
  await look(shown, `odd-${width}`, pictures, checks);
  for (const name of [odd[0], odd[6]]) {
    await shown.goto(`${servers.odd.url}/?${new URLSearchParams({ task: keyOf(name as never) }).toString()}`);
    await shown.locator('.timeline li').first().waitFor();
    await look(shown, `odd-panel-${width}`, pictures, checks);
  }
  checks.check(`odd-${width}: nothing became markup`, (await shown.locator('img, .text > *').count()) === 0);
  checks.check(`odd-${width}: nothing is complained of`, complaints.length === 0, complaints);
  await shown.goto(servers.guarded.url);
  await shown.getByLabel('Token of this board').fill('not-the-token');
  await shown.getByRole('button', { name: 'Sign in' }).click();
  await shown.getByText(/^The token is wrong/).waitFor();
  await look(shown, `sign-in-${width}`, pictures, checks);
  await shown.getByLabel('Token of this board').fill(token);
  await shown.keyboard.press('Enter');
  await shown.locator('.line.task').nth(5).waitFor();
  await shown.reload();
  await shown.locator('.line.task').nth(5).waitFor();
  checks.check(`sign-in-${width}: the token opens the board, also after a reload`, true);
  await context.close();
}

/** What few see: nothing at all, names that nobody would choose, and who has no token. */
export async function oddLooksCheck(browser: Browser, page: string, pictures: string, checks: Checks): Promise<void> {
  const odd = oddTasks(Date.now() / 1000);
  const token = 'the-token-of-this-look';
  const servers = {
    empty: await serveTasks(page, []),
    odd: await serveTasks(page, odd),
    guarded: await serveTasks(page, odd, {}, token),
  };
  try {
    for (const width of [1280, 320]) await oddLooks(browser, servers, width, pictures, checks, odd, token);
  } finally {
    for (const server of Object.values(servers)) await server.close();
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
