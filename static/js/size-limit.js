// <input type="file" data-largest="10000000" data-too-large="…"> or a textarea: what is too large is said beside the
// field before it is sent; a server that refuses a large body may close the connection, and then nothing is said at all.
import {$} from './dom.js';

const LIMITED = '[data-largest]';

function size(field) {
  return field.type === 'file' ? field.files[0]?.size ?? 0 : new Blob([field.value]).size;
}

function say(field, message) {
  const id = `${field.id}-too-large`;
  $(`#${id}`)?.remove();
  if (!message) {
    field.removeAttribute('aria-invalid');
    return;
  }
  const words = document.createElement('p');
  words.className = 'err';
  words.id = id;
  words.setAttribute('role', 'alert');
  words.textContent = message;
  field.after(words);
  field.setAttribute('aria-invalid', 'true');
}

function fits(field) {
  const large = size(field) > Number(field.dataset.largest);
  say(field, large ? field.dataset.tooLarge : '');
  return !large;
}

export function startSizeLimit() {
  document.addEventListener('change', event => {
    if (event.target.matches(LIMITED)) {
      fits(event.target);
    }
  });
  document.addEventListener('submit', event => {
    const wrong = [...event.target.querySelectorAll(LIMITED)].filter(field => !fits(field));
    if (wrong.length) {
      event.preventDefault();
      event.stopPropagation();
      wrong[0].focus();
    }
  }, true);
}
