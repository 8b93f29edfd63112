// Things that open: the drawer on small screens, pop-up menus, dialogs opened by a button.
import {$, $$} from './dom.js';

function toggle(button) {
  const target = $(button.dataset.toggle);
  const open = target.classList.toggle('open');
  button.setAttribute('aria-expanded', open);
  if (open) {
    target.querySelector('a, button')?.focus();
  }
}

function closeDrawer() {
  $$('.side.open').forEach(side => side.classList.remove('open'));
  $$('[data-toggle="#side"]').forEach(button => button.setAttribute('aria-expanded', 'false'));
}

function onClick(event) {
  const button = event.target.closest('[data-toggle]');
  if (button) {
    toggle(button);
    return;
  }
  const opener = event.target.closest('[data-dialog]');
  if (opener) {
    event.preventDefault(); // a link, where there is no script
    $(opener.dataset.dialog).showModal();
    return;
  }
  if (event.target.closest('[data-close]')) {
    event.target.closest('dialog')?.close();
    return;
  }
  if (!event.target.closest('.side')) {
    closeDrawer();
  }
  $$('details.menu[open]').forEach(menu => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
}

function onKey(event) {
  if (event.key !== 'Escape') {
    return;
  }
  const menu = event.target.closest?.('details.menu[open]');
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
  closeDrawer();
}

// A click on the dimmed ground closes a dialog; the dialog itself is the event's target only there.
function onDialogClick(event) {
  if (event.target.matches('dialog[open]')) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) {
      event.target.close();
    }
  }
}

export function startMenus() {
  document.addEventListener('click', onClick);
  document.addEventListener('mousedown', onDialogClick);
  document.addEventListener('keydown', onKey);
}
