import cds from '@sap/cds';

/** The language of the caller. Who asks for none gets the default one: without a locale, texts would lose their arguments. */
export const locale = () => cds.context?.locale ?? cds.env.i18n.default_language;

/** A date such as 2026-12-31, as the caller writes it. */
export function dateText(date: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(date));
}
