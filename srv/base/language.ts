import cds from '@sap/cds';

/** The language of the caller, or the default language. Without a locale, texts would lose their arguments. */
export const locale = () => cds.context?.locale ?? cds.env.i18n.default_language;

/** A date such as 2026-12-31 in the format of the caller's language. */
export function dateText(date: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(date));
}
