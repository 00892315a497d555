import type { Browser, Page } from 'playwright-core';
import { keyOf, type BoardTask } from '../../src/board/wire';
import { openPage, type Checks } from './checks';
import { sampleTasks } from './sample-programme';
import { serveTasks, type SampleServer } from './sample-server';

const TOKEN = 'the-token-of-the-later-check';

/** What comes while the page is open: the task of its URL, a history that can be read again, the token. */
export async function laterCheck(browser: Browser, folder: string, checks: Checks): Promise<void> {
  const tasks = sampleTasks({ tasks: 20, perWave: 10 }, Date.now() / 1000);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const servers = {
    partial: await serveTasks(folder, tasks.slice(1)),
    whole: await serveTasks(folder, tasks),
    guarded: await serveTasks(folder, tasks, {}, TOKEN),
  };
  try {
    const { page } = await openPage(context, 'about:blank');
    await taskComes(page, servers.partial, tasks.slice(0, 1), checks);
    await historyComes(page, urlOf(servers.whole, tasks), checks);
    await tokenComes(page, servers.guarded.url, checks);
  } finally {
    await context.close();
    for (const server of Object.values(servers)) await server.close();
  }
}

/** The page with the panel of the first of the tasks. */
const urlOf = ({ url }: SampleServer, [task]: BoardTask[]): string =>
  `${url}/?${new URLSearchParams({ task: keyOf(task as BoardTask) }).toString()}`;

async function taskComes(page: Page, server: SampleServer, tasks: BoardTask[], checks: Checks): Promise<void> {
  await page.goto(urlOf(server, tasks));
  await page.getByText(/^Nobody has reported this task/).waitFor();
  await page.locator('h2:focus').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('no such');
  server.change(tasks);
  await page.locator('.panel .timeline').waitFor({ state: 'attached' });
  await page.keyboard.type(' name');
  const typed = await page.getByRole('searchbox').inputValue();
  checks.check('a task that comes into its panel takes no key from who types', typed === 'no such name', typed);
}

async function historyComes(page: Page, url: string, checks: Checks): Promise<void> {
  await page.route('**/api/history*', (route) => route.fulfill({ status: 502, json: { error: 'no answer' } }));
  await page.goto(url);
  await page.getByText('The history cannot be read: no answer').waitFor();
  await page.unroute('**/api/history*');
  await page.locator('.timeline li').first().waitFor();
  const errors = await page.locator('.panel .bad').count();
  checks.check('a history that could not be read is read again', errors === 0, errors);
}

async function tokenComes(page: Page, url: string, checks: Checks): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Token of this board').waitFor();
  const asked = page.waitForRequest('**/api/session');
  await page.evaluate(`location.hash = 'token=${TOKEN}'`);
  const { authorization } = (await asked).headers();
  checks.check('the page leaves Authorization to a proxy', authorization === undefined, authorization);
  await page.locator('.line.task').first().waitFor();
  checks.check('a link with the token signs in where the page is open', page.url() === `${url}/`, page.url());
}
