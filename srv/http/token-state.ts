import cds from '@sap/cds';
import { dateText, locale } from '../base/language.ts';

/** Values of criticality in Fiori elements. */
export const CRITICALITY = { neutral: 0, negative: 1, critical: 2, positive: 3 };

/** Days before the expiry of an API token from which users are warned. */
export const WARN_DAYS = 14;

const DAY = 86_400_000;

/** The expiry of the API token as text, and its criticality. */
export function tokenState({ tokenExpiresOn }: { tokenExpiresOn?: unknown }) {
  if (typeof tokenExpiresOn !== 'string') return token('neutral', 'unknown');
  const today = new Date().toISOString().slice(0, 10);
  const days = Math.round((Date.parse(tokenExpiresOn) - Date.parse(today)) / DAY);
  if (days < 0) return token('negative', 'expired', dateText(tokenExpiresOn));
  if (days > WARN_DAYS) return token('positive', 'valid', dateText(tokenExpiresOn));
  return token('critical', ['today', 'tomorrow'][days] ?? 'soon', String(days));
}

function token(criticality: keyof typeof CRITICALITY, key: string, ...args: string[]) {
  return { tokenText: labelOf(`Token.${key}`, args), tokenCriticality: CRITICALITY[criticality] };
}

/** A label of the model in the caller's language. */
export function labelOf(key: string, args: string[] = []): string {
  return cds.i18n.labels.at(key, locale(), args) ?? key;
}
