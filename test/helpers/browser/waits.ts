/** States of a page that a journey waits for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page, Request } from 'playwright-core';

/**
 * Waits until Fiori elements has set the focus on the first page. It does so once and late, even if a dialog is open; a
 * space typed then would press a button behind it.
 */
export async function cursorPlaced(page: Page): Promise<void> {
  type App = { getRouterProxy?(): { isFocusForced(): boolean } | undefined };
  const isPlaced = () => {
    if (document.querySelector('.sapMDialogOpen')) return true;
    const sap = (globalThis as { sap?: { ui?: { require?(name: string): unknown } } }).sap;
    const components = sap?.ui?.require?.('sap/ui/core/Component') as
      { registry: { filter(wanted: (one: App) => boolean): App[] } } | undefined;
    const apps = components?.registry.filter((one) => typeof one.getRouterProxy === 'function') ?? [];
    return apps.some((one) => one.getRouterProxy?.()?.isFocusForced() === false);
  };
  await page.waitForFunction(isPlaced, undefined, { polling: 50 });
}

/** Waits until a field is editable and has the focus. It may be rendered again in the meantime. */
export async function takesText(field: Locator): Promise<void> {
  const ready = (element: unknown) => {
    const input = element as HTMLInputElement;
    if (input.disabled || input.readOnly) return false;
    input.focus();
    return document.activeElement === input;
  };
  while (!(await field.evaluate(ready))) await sleep(50);
}

/** Waits until a page is quiet and has no request that is not answered; continues after 10 seconds if it never rests. */
export async function rested(page: Page): Promise<void> {
  const end = Date.now() + 10_000;
  const isAsking = () => asked.get(page)?.size && Date.now() < end;
  do {
    while (isAsking()) await sleep(20);
    await quiet(page);
  } while (isAsking());
}

/** Waits until nothing has changed on a page for a moment; continues after a while if it never rests. */
async function quiet(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let timer = setTimeout(resolve, 200);
        const observer = new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(resolve, 200);
        });
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        setTimeout(resolve, 3000);
      }),
  );
}

/** The requests of a page that are not answered yet. */
const asked = new WeakMap<Page, Set<Request>>();

/** Has the requests of a page counted, for `rested`. */
export function countRequests(page: Page): void {
  const open = new Set<Request>();
  asked.set(page, open);
  page.on('request', (request) => open.add(request));
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
}
