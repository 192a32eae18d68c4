import type Context from 'sap/ui/model/odata/v4/Context';

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Reads the run that a page shows once a second until the run has ended or the page is left. The last read comes after
 * the end: the parts of a page are read at different moments, so some of them may be older than the end.
 * @param parts what is read again: properties and navigation properties
 * @param isShown whether the page still shows this run
 */
export async function follow(context: Context, parts: string[], isShown: () => boolean): Promise<void> {
  const isOpen = () => isShown() && !!context.getBinding() && location.hash.includes(keyOf(context));
  let isActive = (await context.requestProperty('isActive').catch(() => false)) as boolean;
  while (isOpen()) {
    // eslint-disable-next-line no-await-in-loop -- asks until it has ended
    if (isActive) await pause(1000);
    if (!isOpen()) break;
    // A browser that was offline for a moment goes on asking.
    // eslint-disable-next-line no-await-in-loop
    await context.requestSideEffects(parts).catch(() => undefined);
    if (!isActive) break;
    isActive = context.getProperty('isActive') !== false;
  }
}

const keyOf = (context: Context) => /\(([^()]*)\)[^()]*$/.exec(context.getPath())?.[1] ?? '';
