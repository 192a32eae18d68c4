/** The texts of the start page in German, for those whose browser prefers it. */
if (navigator.language.startsWith('de')) {
  document.documentElement.lang = 'de';
  for (const element of document.querySelectorAll('[data-de]')) element.textContent = element.dataset.de;
}

/** Hides apps that would refuse the user. */
async function hideForbidden() {
  const answer = await fetch('/odata/v4/runtime/Me');
  const { isAdmin } = await answer.json();
  if (isAdmin === false) for (const element of document.querySelectorAll('[data-admin]')) element.hidden = true;
}
void hideForbidden();
