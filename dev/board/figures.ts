import type { Browser } from 'playwright-core';
import { openPage, type Checks } from './checks';
import { sampleTasks } from './sample-programme';
import { serveTasks } from './sample-server';

const TASKS = 10_000;
/** What must hold on a machine that is five times slower, too. */
const MOST = { firstRowsMs: 10_000, filterMs: 1000, heapMiB: 200, nodes: 3000 };

/** Ten thousand tasks: how long until they are seen, until a filter has worked, and what they cost the browser. */
export async function figuresCheck(browser: Browser, folder: string, checks: Checks): Promise<void> {
  const tasks = sampleTasks({ tasks: TASKS, perWave: 400 }, Date.now() / 1000);
  const server = await serveTasks(folder, tasks);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const began = Date.now();
    const { page } = await openPage(context, server.url);
    await page.getByText('10,000 tasks', { exact: true }).first().waitFor();
    await page.locator('.line.task').first().waitFor();
    const firstRowsMs = Date.now() - began;
    const firstPaintMs = Math.round(
      (await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`)) as number,
    );
    const filterMs = (await page.evaluate(`(async () => {
      const box = document.querySelector('input[type=search]');
      const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const times = [];
      for (const text of ['e', 'er', 'erp', 'erp-web', '']) {
        const began = performance.now();
        box.value = text;
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        await drawn();
        times.push(performance.now() - began);
      }
      return Math.round(Math.max(...times));
    })()`)) as number;
    server.change(
      tasks.slice(0, 1000).map((task) => ({ ...task, labels: { ...task.labels, application: 'another' } })),
    );
    await page
      .getByRole('row', { name: /Application another/ })
      .first()
      .waitFor();
    const session = await context.newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const nodes = (await page.evaluate('document.querySelectorAll("*").length')) as number;
    const figures = {
      tasks: TASKS,
      firstPaintMs,
      firstRowsMs,
      filterMs,
      heapMiB: Math.round(usedSize / 1024 / 1024),
      nodes,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    for (const name of ['firstRowsMs', 'filterMs', 'heapMiB', 'nodes'] as const)
      checks.check(`10,000 tasks: ${name} is at most ${MOST[name]}`, figures[name] <= MOST[name], figures[name]);
    await page.locator('#tasks').focus();
    await page.keyboard.press('End');
    await page.locator('.line.task').last().waitFor();
    const last = await page.locator('.active').getAttribute('aria-rowindex');
    const rows = await page.locator('#tasks').getAttribute('aria-rowcount');
    checks.check('End goes to the last of them', last === rows, [last, rows]);
  } finally {
    await context.close();
    await server.close();
  }
}
