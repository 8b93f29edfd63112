// The command palette (Ctrl/⌘ K): a list the server wrote into the page, filtered here.
import {$, $$} from './dom.js';

const dialog = $('#palette');
const input = $('input', dialog ?? document);
const list = $('#pal');
let commands = [];

export const paletteIsOpen = () => dialog?.open ?? false;

export function openPalette() {
  if (!dialog || dialog.open) {
    return;
  }
  commands = JSON.parse($('#commands').textContent);
  input.value = '';
  draw('');
  dialog.showModal();
}

function matches(command, query) {
  const words = `${command.group} ${command.title}`.toLowerCase();
  return query.toLowerCase().split(/\s+/).every(word => words.includes(word));
}

function option(command, selected) {
  const link = document.createElement('a');
  link.href = command.url;
  link.id = `pal-${list.querySelectorAll('a').length}`;
  link.setAttribute('role', 'option');
  link.setAttribute('aria-selected', selected);
  link.textContent = command.title;
  if (command.keys) {
    const keys = document.createElement('kbd');
    keys.className = 'k';
    keys.textContent = command.keys;
    link.append(keys);
  }
  return link;
}

function draw(query) {
  list.replaceChildren();
  let group = null;
  let box = null;
  for (const command of commands.filter(candidate => matches(candidate, query))) {
    if (command.group !== group) {
      group = command.group;
      box = document.createElement('div');
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', group);
      const heading = document.createElement('div');
      heading.className = 'pal-h';
      heading.setAttribute('aria-hidden', 'true');
      heading.textContent = group;
      box.append(heading);
      list.append(box);
    }
    box.append(option(command, list.querySelectorAll('a').length === 0));
  }
  $('#pal-none').hidden = list.childElementCount > 0;
  pointAtSelected();
}

function pointAtSelected() {
  const selected = $('a[aria-selected=true]', list);
  if (selected) {
    input.setAttribute('aria-activedescendant', selected.id);
  } else {
    input.removeAttribute('aria-activedescendant');
  }
}

function move(step) {
  const options = $$('a', list);
  const at = options.findIndex(candidate => candidate.getAttribute('aria-selected') === 'true');
  options[at]?.setAttribute('aria-selected', 'false');
  const next = options[(at + step + options.length) % options.length];
  next?.setAttribute('aria-selected', 'true');
  next?.scrollIntoView({block: 'nearest'});
  pointAtSelected();
}

function onKey(event) {
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    move(event.key === 'ArrowDown' ? 1 : -1);
  } else if (event.key === 'Enter') {
    event.preventDefault();
    $('a[aria-selected=true]', list)?.click();
  }
}

export function startPalette() {
  input?.addEventListener('input', () => draw(input.value));
  dialog?.addEventListener('keydown', onKey);
  document.addEventListener('click', event => {
    if (event.target.closest('[data-palette]')) {
      openPalette();
    }
  });
}
