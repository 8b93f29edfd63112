// The theme button. The choice is a cookie, so that the server renders <html data-theme> and no page flashes.

function current() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen) {
    return chosen;
  }
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function switchTheme() {
  const next = current() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  document.cookie = `theme=${next};path=/;max-age=31536000;samesite=lax`;
}

export function startTheme() {
  document.addEventListener('click', event => {
    if (event.target.closest('[data-theme-toggle]')) {
      switchTheme();
    }
  });
}
