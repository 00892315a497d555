import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openPage } from './checks';
import { sampleTasks } from './sample-programme';
import { serveTasks } from './sample-server';

/** The pictures of the README. */
export async function takePictures(browser: Browser, page: string, folder: string): Promise<void> {
  const server = await serveTasks(page, sampleTasks({ tasks: 180, perWave: 24 }, Date.now() / 1000));
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport: { width: 1160, height: 600 }, colorScheme });
      const { page: shown } = await openPage(
        context,
        `${server.url}/?freshness=fresh&freshness=at-risk&freshness=stale`,
      );
      const pending = shown.locator('.line.task', { has: shown.locator('.waiting') }).first();
      await (colorScheme === 'dark' ? pending.click() : pending.waitFor());
      if (colorScheme === 'dark') await shown.locator('.timeline li').first().waitFor();
      await shown.waitForTimeout(600);
      await shown.screenshot({ path: join(folder, `board-${colorScheme}.png`) });
      await context.close();
    }
  } finally {
    await server.close();
  }
}
