// Chosen rows of the Requests page: with the mouse, by touch, with x, Shift+x and a; and what can be done with them.
// The boxes belong to a form, so that all of it but "all that match" works without this.
import {$, $$} from './dom.js';
import {copyFrom} from './copy.js';

let whole = false; // all that match, by the question instead of ids
let last = null; // the row where a range begins

const boxes = () => $$('#rows > .rln .rowpick');
const lines = () => $$('#rows > .rln');
const form = () => $('#log-picks');

export const isPicking = () => boxes().some(box => box.checked);

function show() {
  if (!form()) {
    return;
  }
  const all = boxes();
  const chosen = all.filter(box => box.checked);
  whole &&= chosen.length > 0;
  const said = $('.pickn', form());
  said.textContent = whole ? said.dataset.allWords : said.dataset.words.replace('{n}', chosen.length);
  $('[data-whole]', form()).disabled = !whole;
  $('[data-pick-whole]', form()).hidden = whole || chosen.length === 0;
}

function set(rows, checked) {
  rows.forEach(line => ($('.rowpick', line).checked = checked));
  whole = false;
  show();
}

function range(to) {
  const rows = lines();
  const from = rows.indexOf(last);
  const end = rows.indexOf(to);
  if (from < 0 || end < 0) {
    set([to], true);
  } else {
    set(rows.slice(Math.min(from, end), Math.max(from, end) + 1), true);
  }
  last = to;
}

function onChange(event) {
  if (event.target.matches('#rows > .rln .rowpick')) {
    whole = false;
    last = event.target.closest('.rln');
    show();
  }
}

function onClick(event) {
  if (event.target.matches('#rows > .rln .rowpick') && event.shiftKey && last) {
    const line = event.target.closest('.rln');
    const begin = last;
    setTimeout(() => {
      last = begin; // the box had its own way meanwhile, and was noted as the last
      range(line);
    });
  } else if (event.target.closest('[data-pick-whole]')) {
    set(lines(), true);
    whole = true;
    show();
    $('[data-pick-replay]').focus();
  }
}

export function clearPicks() {
  set(lines(), false);
  last = null;
}

// The focused row, or the open one.
function current() {
  return document.activeElement.closest?.('#rows > .rln') ?? lines().find(line => $('.lr', line).getAttribute('aria-current'));
}

function replay(event) {
  const line = document.activeElement.closest?.('#rows > .rln');
  if (isPicking()) {
    event.preventDefault();
    $('[data-pick-replay]').click();
  } else if (line && $('#detail').dataset.request !== line.dataset.id) {
    event.preventDefault();
    location.assign(`${form().getAttribute('action')}?pick=${line.dataset.id}`);
  }
}

function copy(event) {
  const line = document.activeElement.closest?.('#rows > .rln');
  if (line && $('#detail').dataset.request !== line.dataset.id) {
    event.preventDefault();
    copyFrom(`${$('.lr', line).pathname}call.curl`);
  }
}

// A single letter that no field took (shortcuts.js asks here before it presses a button of the page).
function onLetter(event) {
  const {key, shiftKey} = event.detail;
  const line = current();
  if (!form()) {
    return;
  }
  if (key.toLowerCase() === 'x' && line) {
    event.preventDefault();
    if (shiftKey) {
      range(line);
    } else {
      set([line], !$('.rowpick', line).checked);
      last = line;
    }
  } else if (key === 'a') {
    event.preventDefault();
    set(lines(), !boxes().every(box => box.checked));
  } else if (key === 'r') {
    replay(event);
  } else if (key === 'c') {
    copy(event);
  }
}

export function picksAfterSwap(sameQuestion) {
  whole &&= sameQuestion;
  show();
}

export function startPicking() {
  show();
  document.addEventListener('change', onChange);
  document.addEventListener('click', onClick);
  document.addEventListener('letter', onLetter);
  document.addEventListener('reset', event => event.target === form() && setTimeout(clearPicks));
  document.addEventListener('formdata', event => whole && event.target === form() && event.formData.delete('pick'));
}
