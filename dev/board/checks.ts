import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';

/** Says what was found; the process fails in the end where something was wrong. */
export class Checks {
  private failed = 0;

  /** One more. */
  check(what: string, isRight: boolean, found: unknown = ''): void {
    if (!isRight) this.failed++;
    process.stdout.write(`${isRight ? 'ok    ' : 'WRONG '} ${what}${isRight ? '' : `: ${JSON.stringify(found)}`}\n`);
  }

  /** Whether all were right. */
  get isGood(): boolean {
    return this.failed === 0;
  }
}

/** What the page complains of: errors of scripts, of the console, of its Content Security Policy; dialogs. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return complaints;
}

/** What axe-core finds wrong in a page as it is. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
      }
    ).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary} (${nodes.length})`);
  });
}

/** Whether the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.scrollingElement.scrollWidth - innerWidth') as Promise<number>;

/** A page of a context, with its complaints. */
export async function openPage(context: BrowserContext, url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(url);
  return { page, complaints };
}
