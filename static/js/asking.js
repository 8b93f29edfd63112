// The field of the Requests page that takes the filter language: suggestions while typing (a combobox, as the ARIA
// Authoring Practices describe it), the list following what can be read, help that types for one.
// Nothing is asked for while a Korean, Chinese or Japanese word is still being composed.
import {$, $$} from './dom.js';

const WAIT = 180; // milliseconds after the last key
const LEAVE = 150; // after the field lost the focus: a tap on a suggestion comes first

let offers = [];
let active = -1;
let timer = 0;
let asking = null; // the request under way; a newer one cancels it
let composing = false;
let shownFor = ''; // the question the list shows

const field = () => $('#log-q');
const list = () => $('#log-offers');

// The server counts characters; scripts count UTF-16 units, in which an emoji is two.
const characters = (words, units) => [...words.slice(0, units)].length;
const units = (words, count) => [...words].slice(0, count).join('').length;

function option(offer, n) {
  const item = document.createElement('li');
  item.id = `log-offer-${n}`;
  item.setAttribute('role', 'option');
  item.setAttribute('aria-selected', String(n === active));
  item.dataset.n = n;
  const name = document.createElement('code');
  name.textContent = offer.label;
  const help = document.createElement('span');
  help.textContent = offer.help;
  item.append(name, help);
  return item;
}

// Drawn anew after every swap, too: the server knows nothing of what is open.
function draw() {
  const box = field();
  const places = list();
  if (!box || !places) {
    return;
  }
  places.replaceChildren(...offers.map(option));
  places.hidden = offers.length === 0;
  box.setAttribute('aria-expanded', String(offers.length > 0));
  if (active >= 0) {
    box.setAttribute('aria-activedescendant', `log-offer-${active}`);
    places.children[active]?.scrollIntoView({block: 'nearest'});
  } else {
    box.removeAttribute('aria-activedescendant');
  }
}

function close() {
  offers = [];
  active = -1;
  draw();
}

async function complete() {
  const box = field();
  asking?.abort();
  asking = new AbortController();
  const words = box.value;
  const query = new URLSearchParams({q: words, at: characters(words, box.selectionStart ?? words.length)});
  try {
    const answer = await fetch(`${box.form.dataset.complete}?${query}`, {signal: asking.signal});
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // typed over, or no network: the field works without suggestions
  }
}

// The beginning of a term's name is no word to look for, unless somebody presses Enter.
function isNaming(words, found) {
  return found.some(offer => offer.more) && /\S/.test(words.slice(0, field().selectionStart).slice(-1));
}

async function look(follow) {
  const box = field();
  const words = box.value;
  const said = await complete();
  if (!said || field()?.value !== words) {
    return;
  }
  offers = document.activeElement === field() ? said.offers : [];
  active = -1;
  draw();
  if (follow && said.readable && !isNaming(words, said.offers) && words.trim() !== shownFor) {
    shownFor = words.trim();
    field().form.dispatchEvent(new Event('ask'));
  }
}

function later(follow) {
  clearTimeout(timer);
  timer = setTimeout(() => field() && look(follow), WAIT);
}

function accept(n) {
  const box = field();
  const offer = offers[n];
  box.value = offer.text;
  const at = units(offer.text, offer.caret);
  box.focus();
  box.setSelectionRange(at, at);
  close();
  box.dispatchEvent(new Event('input', {bubbles: true}));
}

function move(step) {
  const places = offers.length + 1; // one more: the field itself, nothing chosen
  active = ((active + 1 + step + places) % places) - 1;
  draw();
}

function onKey(event) {
  if (event.target.id !== 'log-q' || event.isComposing || composing) {
    return;
  }
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    if (offers.length) {
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'ArrowDown') {
      look(false);
    }
  } else if ((event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) && active >= 0) {
    event.preventDefault();
    accept(active);
  } else if (event.key === 'Escape' && offers.length) {
    event.preventDefault(); // the browser would empty the field
    event.stopPropagation();
    close();
  }
}

function insert(words) {
  const box = field();
  box.value = `${box.value.trimEnd()} ${words}`.trim();
  $$('#log-help[open]').forEach(menu => (menu.open = false));
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
  box.dispatchEvent(new Event('input', {bubbles: true}));
}

function onClick(event) {
  const example = event.target.closest('[data-insert]');
  const mark = event.target.closest('[data-mark]');
  if (example && field()) {
    event.preventDefault();
    insert(example.dataset.insert);
  } else if (mark) {
    const [start, end] = mark.dataset.mark.split(' ').map(Number);
    field().focus();
    field().setSelectionRange(units(field().value, start), units(field().value, end));
  } else if (event.target.id === 'log-q' && !offers.length) {
    later(false);
  }
}

// The menu of filters writes into the question as it stands now, not as it was when the page came.
function onSubmit(event) {
  clearTimeout(timer);
  if (event.target.matches('[data-menu]') && field()) {
    $('#log-menu-q').value = field().value;
    event.target.closest('details').open = false;
  } else if (event.target.matches('[data-ask]')) {
    shownFor = field().value.trim();
    close();
  }
}

export function askingAfterSwap() {
  if (field() && document.activeElement !== field()) {
    shownFor = field().value.trim();
  }
  draw();
}

export function startAsking() {
  shownFor = field()?.value.trim() ?? '';
  document.addEventListener('compositionstart', event => (composing = event.target.id === 'log-q' || composing));
  document.addEventListener('compositionend', event => {
    composing = false;
    if (event.target.id === 'log-q') {
      later(true);
    }
  });
  document.addEventListener('input', event => {
    if (event.target.id === 'log-q' && !event.isComposing && !composing) {
      later(true);
    }
  });
  document.addEventListener('keydown', onKey, true);
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit, true);
  document.addEventListener('pointerdown', event => {
    const item = event.target.closest('#log-offers [data-n]');
    if (item) {
      event.preventDefault(); // the field keeps the focus, and on a phone its keyboard
    }
  });
  document.addEventListener('click', event => {
    const item = event.target.closest('#log-offers [data-n]');
    if (item) {
      accept(Number(item.dataset.n));
    }
  });
  document.addEventListener('focusout', event => {
    if (event.target.id === 'log-q') {
      setTimeout(() => document.activeElement !== field() && offers.length && close(), LEAVE);
    }
  });
}
