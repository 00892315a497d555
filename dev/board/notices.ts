import { get, type ClientRequest } from 'node:http';
import type { Browser, BrowserContext } from 'playwright-core';
import { MOST_BROWSERS } from '../../src/board/wire';
import { axeFindings, openPage, type Checks } from './checks';
import { sampleTasks } from './sample-programme';
import { serveTasks, type SampleServer } from './sample-server';

/** Several redraws, one each second. */
const WATCHED_MS = 3500;

/** What the page says where something is wrong: once, not each second; too many browsers; a link to a task that is not there. */
export async function noticesCheck(browser: Browser, folder: string, checks: Checks): Promise<void> {
  const now = Date.now() / 1000;
  const tasks = sampleTasks({ tasks: 20, perWave: 10 }, now);
  const server = await serveTasks(folder, tasks);
  const troubled = await serveTasks(folder, tasks, {
    unreadable: { since: now - 75, why: '14 UNAVAILABLE: No connection established' },
    unserved: ['migration-hub'],
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: true });
  try {
    await staysAsItIs(context, troubled, checks);
    await unknownTask(context, server, checks);
    await tooMany(context, server, checks);
  } finally {
    await context.close();
    await server.close();
    await troubled.close();
  }
}

async function staysAsItIs(context: BrowserContext, { url }: SampleServer, checks: Checks): Promise<void> {
  const { page } = await openPage(context, url);
  await page.getByText(/^Reading from Temporal has failed since/).waitFor();
  await page.evaluate(`
    globalThis.changes = 0;
    new MutationObserver((all) => (globalThis.changes += all.length)).observe(document.querySelector('.notices'), {
      childList: true, subtree: true, characterData: true,
    });`);
  await page.waitForTimeout(WATCHED_MS);
  const changes = await page.evaluate('globalThis.changes');
  checks.check('what is wrong is told once, not each second', changes === 0, changes);
  await page.close();
}

async function unknownTask(context: BrowserContext, { url }: SampleServer, checks: Checks): Promise<void> {
  const { page } = await openPage(context, `${url}/?task=DatacenterExit:nobody`);
  await page.getByText(/^Nobody has reported this task/).waitFor();
  const heading = await page.getByRole('heading', { level: 2 }).innerText();
  checks.check('a link to a task that is not there says so', heading === 'nobody', heading);
  const findings = await axeFindings(page);
  checks.check('axe-core finds nothing in it', findings.length === 0, findings);
  await page.keyboard.press('Escape');
  await page.locator('.panel').waitFor({ state: 'detached' });
  checks.check('Escape closes it', page.url() === `${url}/`, page.url());
  await page.close();
}

async function tooMany(context: BrowserContext, { url }: SampleServer, checks: Checks): Promise<void> {
  const others: ClientRequest[] = [];
  try {
    const joined = Array.from({ length: MOST_BROWSERS }, () => {
      const request = get(`${url}/api/events`, { agent: false });
      others.push(request.on('error', () => undefined));
      return new Promise((resolve) =>
        request.once('response', (response) => resolve(response.on('error', () => undefined).resume())),
      );
    });
    await Promise.all(joined);
    const { page } = await openPage(context, url);
    await page.getByText(`${MOST_BROWSERS} browsers show this board, the most that it serves.`).waitFor();
    const findings = await axeFindings(page);
    checks.check('one browser too many is told so; axe-core finds nothing', findings.length === 0, findings);
    others.pop()?.destroy();
    await page.locator('.line.task').first().waitFor();
    const notices = await page.locator('.notices p').count();
    checks.check('it connects once another has gone', notices === 0, notices);
    await page.close();
  } finally {
    for (const request of others) request.destroy();
  }
}
