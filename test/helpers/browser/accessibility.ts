import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

/** A violation in a control of SAPUI5, which no app can fix. */
type Known = { rule: string; selector: string; why: string };

const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Violations of SAPUI5 that we cannot fix. */
const KNOWN: Known[] = [
  {
    rule: 'label-content-name-mismatch',
    selector: '#userActionsMenuHeaderButton',
    why: 'The shell names the picture of the user "Profile of …", and shows initials.',
  },
  {
    rule: 'label-content-name-mismatch',
    selector: '.sapMGT',
    why: 'A tile of the launchpad names itself with all of its texts, in another order.',
  },
  {
    rule: 'aria-input-field-name',
    selector: '.sapMSegBIcons',
    why: 'The switch between more and fewer details of a table has no name of its own.',
  },
  {
    rule: 'label-title-only',
    selector: 'td input.sapMInputBaseInner',
    why: 'A field in a table is named by the header of its column, and described by its hint.',
  },
];

/** Serious accessibility problems of a page, or of the dialog that is open on it: rule and element. */
export async function hindrances(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: source });
  return page.evaluate(async (known) => {
    // Ignores SAPUI5's overlays of tables that are being read.
    const isBusy = () =>
      [...document.querySelectorAll('.sapUiLocalBusyIndicator')].some((element) => element.checkVisibility());
    const look = async () => {
      while (isBusy()) await new Promise((resolve) => setTimeout(resolve, 50));
      let wasBusy = false;
      const observer = new MutationObserver(() => (wasBusy ||= isBusy()));
      observer.observe(document, { subtree: true, childList: true });
      // Elements behind a dialog cannot be reached.
      const where = [...document.querySelectorAll('.sapMDialogOpen')].at(-1) ?? document;
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(where, {
        resultTypes: ['violations'],
      });
      observer.disconnect();
      return { violations, wasBusy };
    };
    let seen = await look();
    while (seen.wasBusy && seen.violations.length > 0) seen = await look();
    return seen.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => ({ id, html, at: String(target[0]) })))
      .filter(({ id, at }) => {
        const element = document.querySelector(at);
        return !known.some(({ rule, selector }) => rule === id && element?.matches(selector));
      })
      .map(({ id, html }) => `${id}: ${html.slice(0, 300)}`);
  }, KNOWN);
}
