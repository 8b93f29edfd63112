// The sign-in pages on an address: a password can be shown. Everything else there works without a script.

document.querySelectorAll('[data-show-password]').forEach(button => {
  const field = document.querySelector(button.dataset.showPassword);
  button.hidden = false;
  button.addEventListener('click', () => {
    const hidden = field.type === 'password';
    field.type = hidden ? 'text' : 'password';
    button.setAttribute('aria-pressed', hidden);
  });
});
