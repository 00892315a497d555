import type { Browser } from 'playwright-core';
import { openPage, type Checks } from './checks';
import { sampleTasks } from './sample-programme';
import { serveTasks } from './sample-server';

/** Filters, the URL, and all that the keyboard does. */
export async function keysCheck(browser: Browser, folder: string, checks: Checks): Promise<void> {
  const now = Date.now() / 1000;
  const server = await serveTasks(folder, sampleTasks({ tasks: 180, perWave: 24 }, now));
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const { page, complaints } = await openPage(context, server.url);
    const active = () =>
      page.evaluate(
        `document.getElementById(document.getElementById('tasks').getAttribute('aria-activedescendant') ?? '')?.innerText.replaceAll('\\n', ' ') ?? ''`,
      ) as Promise<string>;
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.getByRole('row').nth(5).waitFor();

    await page.locator('.for-ears', { hasText: /^180 tasks shown$/ }).waitFor({ state: 'attached' });
    checks.check('a screen reader is told how many tasks are shown, once they are read', true);

    await press('/');
    await page.keyboard.type('erp-web');
    await page.getByText(/^\d+ of 180 tasks$/).waitFor();
    checks.check('/ goes to the filter, which is in the URL', page.url().endsWith('?q=erp-web'), page.url());
    const composed = (await page.evaluate(`(() => {
      const box = document.querySelector('input[type=search]');
      for (const key of ['Escape', 'Enter'])
        box.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true }));
      return document.activeElement === box ? location.search : 'the focus is elsewhere';
    })()`)) as string;
    checks.check('keys of an input method are not for the board', composed === '?q=erp-web', composed);
    const names = await page.locator('.line.task .name').allInnerTexts();
    checks.check(
      'the filter shows what it is for',
      names.length > 0 && names.every((name) => name.startsWith('erp-web')),
      names,
    );

    await press('Enter', 'Home');
    checks.check(
      'Enter in the filter, then Home: the first line',
      (await active()).includes('DatacenterExit'),
      await active(),
    );
    await press('ArrowDown');
    checks.check('arrow down: the first wave', (await active()).includes('wave-1'), await active());
    await press('ArrowLeft');
    checks.check('arrow left closes it', (await page.locator('.active').getAttribute('aria-expanded')) === 'false');
    await press('ArrowRight', 'ArrowRight', 'ArrowRight');
    checks.check('arrow right opens it and goes into it', (await active()).startsWith('erp-web'), await active());
    await press('ArrowLeft', 'ArrowLeft');
    await press('End');
    const last = await active();
    await press('Enter');
    await page.getByRole('heading', { level: 2 }).waitFor();
    const heading = await page.getByRole('heading', { level: 2 }).innerText();
    checks.check('Enter opens the panel of the line, and goes there', last.startsWith(heading), [last, heading]);
    const delivery = await page.locator('.timeline .delivery').first().innerText();
    checks.check('the timeline tells how a delivery went', /^after 1 retry/.test(delivery), delivery);
    checks.check('the open task is in the URL', page.url().includes(`&task=DatacenterExit%3A${heading}`), page.url());
    await page.reload();
    await page.getByRole('heading', { level: 2, name: heading }).waitFor();
    checks.check(
      'the URL brings filter and panel back',
      (await page.getByRole('searchbox').inputValue()) === 'erp-web',
    );
    const focus = () => page.evaluate('document.activeElement.id') as Promise<string>;
    await press('/', 'Escape');
    await page.locator('.shown', { hasText: /^180 tasks$/ }).waitFor();
    checks.check(
      'Escape in the filter empties it and goes to the list; the panel stays',
      (await focus()) === 'tasks' && (await page.locator('.panel').count()) === 1 && !page.url().includes('q='),
      [await focus(), page.url()],
    );
    await press('Escape');
    await page.locator('.panel').waitFor({ state: 'detached' });
    checks.check('Escape closes the panel and goes back to the list', (await focus()) === 'tasks', await focus());
    checks.check('then the URL has nothing more', page.url() === `${server.url}/`, page.url());

    await page.getByRole('button', { name: /^Failed/ }).click();
    await page.getByLabel('Wave').selectOption({ label: 'wave-1' });
    checks.check('counts and lists filter, too', page.url().endsWith('?status=FAILED&wave=wave-1'), page.url());
    await page.goBack().catch(() => undefined);
    await page.goto(`${server.url}/?q=nothing+has+this`);
    await page.getByText('No task matches the filters.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).last().click();
    await page.locator('.shown', { hasText: /^180 tasks$/ }).waitFor();
    checks.check('where nothing is left, one click shows all again', page.url() === `${server.url}/`, page.url());
    await page.getByRole('button', { name: 'Collapse all' }).click();
    const lines = await page.locator('.line.task').count();
    checks.check('waves can be collapsed', lines === 0, lines);
    await page.getByRole('button', { name: 'Expand all' }).click();
    server.change(sampleTasks({ tasks: 180, perWave: 24 }, now).map((task) => ({ ...task, labels: {} })));
    await page.locator('.line.task.level-2').first().waitFor();
    await page.getByRole('button', { name: 'Collapse all' }).click();
    checks.check('so can a stream without labels', (await page.locator('.line.task').count()) === 0);
    checks.check('keyboard: nothing is complained of', complaints.length === 0, complaints);
  } finally {
    await context.close();
    await server.close();
  }
}
