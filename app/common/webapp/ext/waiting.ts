import type Context from 'sap/ui/model/odata/v4/Context';

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Refreshes the run of a page every second until it ends or the user leaves the page. One more refresh follows the end,
 * because the parts of a page are read at different times.
 * @param parts properties and navigation properties to refresh
 * @param isShown whether the page still shows this run
 */
export async function follow(context: Context, parts: string[], isShown: () => boolean): Promise<void> {
  const isOpen = () => isShown() && !!context.getBinding() && location.hash.includes(keyOf(context));
  let isActive = (await context.requestProperty('isActive').catch(() => false)) as boolean;
  while (isOpen()) {
    // eslint-disable-next-line no-await-in-loop -- asks until it has ended
    if (isActive) await pause(1000);
    if (!isOpen()) break;
    // Continues after a browser was offline for a moment.
    // eslint-disable-next-line no-await-in-loop
    await context.requestSideEffects(parts).catch(() => undefined);
    if (!isActive) break;
    isActive = context.getProperty('isActive') !== false;
  }
}

const keyOf = (context: Context) => /\(([^()]*)\)[^()]*$/.exec(context.getPath())?.[1] ?? '';
