// Small things fields do: show a password, filter a list while typing, submit on choice, count characters.
import {$, $$} from './dom.js';

function showPassword(button) {
  const field = $(button.dataset.showPassword);
  const hidden = field.type === 'password';
  field.type = hidden ? 'text' : 'password';
  button.setAttribute('aria-pressed', hidden);
}

// <input data-count="#c"> with <span id="c">0 / 300</span>: the server wrote the limit; an over-long text turns red.
function countCharacters(field) {
  const counter = $(field.dataset.count);
  const limit = Number(counter.dataset.limit);
  const length = [...field.value].length;
  counter.textContent = `${length} / ${limit}`;
  counter.classList.toggle('over', length > limit);
}

// <input data-filter="#list > tr">: rows whose text lacks a word are hidden.
function filter(field) {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  $$(field.dataset.filter).forEach(row => {
    const content = row.textContent.toLowerCase();
    row.hidden = !words.every(word => content.includes(word));
  });
}

export function startFields() {
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-show-password]');
    if (button) {
      showPassword(button);
    }
  });
  document.addEventListener('input', event => {
    if (event.target.matches('[data-count]')) {
      countCharacters(event.target);
    } else if (event.target.matches('[data-filter]')) {
      filter(event.target);
    }
  });
  document.addEventListener('change', event => {
    if (event.target.matches('[data-submit]')) {
      event.target.form.requestSubmit();
    }
  });
}
