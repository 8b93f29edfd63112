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

// <select data-usual="auth" data-usual-at="link none" data-usual-else="auto">: checks the radio button that goes with its
// value, until somebody checks another one. Without scripts the server does so where none is checked.
function checkUsual(select) {
  const radios = [...select.form.elements[select.dataset.usual]];
  if (radios.some(radio => radio.checked && !('usual' in radio.dataset))) {
    return;
  }
  const [at, value] = select.dataset.usualAt.split(' ');
  const wanted = select.value === at ? value : select.dataset.usualElse;
  for (const radio of radios) {
    delete radio.dataset.usual;
    if (radio.value === wanted) {
      radio.checked = true;
      radio.dataset.usual = '';
    }
  }
}

export function startFields() {
  $$('[data-usual-at]').forEach(checkUsual);
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
    if (event.target.matches('[data-usual-at]')) {
      checkUsual(event.target);
    }
    if (event.target.matches('[data-submit]')) {
      const button = event.target.dataset.submit; // the button that would have been pressed; "": none
      event.target.form.requestSubmit(button ? $(button) : undefined);
    }
  });
}
