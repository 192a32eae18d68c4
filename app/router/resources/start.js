/** The texts of the start page in German, for those whose browser prefers it. */
if (navigator.language.startsWith('de')) {
  document.documentElement.lang = 'de';
  for (const element of document.querySelectorAll('[data-de]')) element.textContent = element.dataset.de;
}
