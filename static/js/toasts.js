// Short messages in the corner. The server sends one with the header HX-Trigger: {"toast": {...}} (web.htmx.toast).
import {$, icon} from './dom.js';

const ICONS = {ok: 'circle-check', info: 'info', warn: 'triangle-alert', bad: 'circle-x'};
const SECONDS = {ok: 4, info: 6, warn: 9, bad: 9};

export function toast(message, kind = 'ok', link = null) {
  const box = document.createElement('div');
  box.className = `toast ${kind}`;
  const words = document.createElement('span');
  words.textContent = message;
  box.append(icon(ICONS[kind] ?? ICONS.ok), words);
  if (link) {
    const anchor = document.createElement('a');
    anchor.href = link.url;
    anchor.textContent = link.text;
    box.append(anchor);
  }
  show(box, kind);
}

function show(box, kind) {
  let timer = 0;
  const leave = () => {
    timer = setTimeout(() => box.remove(), 1000 * (SECONDS[kind] ?? SECONDS.ok));
  };
  box.addEventListener('pointerenter', () => clearTimeout(timer));
  box.addEventListener('pointerleave', leave);
  box.addEventListener('focusin', () => clearTimeout(timer));
  $('#toasts').append(box);
  leave();
}

// Messages that came with the page (Django messages) are in the toast area already and leave by the same clock.
export function startToasts() {
  document.querySelectorAll('#toasts > .toast').forEach(box => show(box, box.dataset.kind));
  document.addEventListener('toast', event => {
    const {message, kind, url, label} = event.detail;
    toast(message, kind, url ? {url, text: label} : null);
  });
}
