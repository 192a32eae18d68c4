import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

/** A violation inside a control of SAPUI5, which no app can mend. */
export type Known = { rule: string; selector: string; why: string };

const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What hinders people who depend on assistive technology on a page, as far as it is serious: rule and element. */
export async function hindrances(page: Page, known: readonly Known[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: source });
  return page.evaluate(async (known) => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => ({ id, html, at: String(target[0]) })))
      .filter(({ id, at }) => {
        const element = document.querySelector(at);
        return !known.some(({ rule, selector }) => rule === id && element?.matches(selector));
      })
      .map(({ id, html }) => `${id}: ${html.slice(0, 300)}`);
  }, known);
}
