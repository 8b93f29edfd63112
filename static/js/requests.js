// What every htmx request does to the page: the busy bar, and a toast for an answer that could not be shown.
import {text} from './dom.js';
import {toast} from './toasts.js';

let running = 0;

function count(step) {
  running = Math.max(0, running + step);
  document.body.classList.toggle('busy', running > 0);
}

const isQuiet = context => context?.sourceElement?.closest?.('[data-quiet]') !== null;

function onErrorAnswer(event) {
  const {status, headers} = event.detail.ctx.response;
  if (status === 422 || headers?.get?.('HX-Trigger')) {
    return; // shown in the form, or the server sent its own words
  }
  if (status === 401 || status === 403) {
    toast(text('session-ended'), 'bad');
  } else if (status === 413) {
    toast(text('too-large'), 'bad');
  } else if (status === 429) {
    toast(text('slow-down'), 'bad');
  } else {
    toast(text('server-error', {status}), 'bad');
  }
}

export function startRequests() {
  document.addEventListener('htmx:before:request', event => isQuiet(event.detail.ctx) || count(1));
  document.addEventListener('htmx:finally:request', event => isQuiet(event.detail.ctx) || count(-1));
  document.addEventListener('htmx:response:error', onErrorAnswer);
  document.addEventListener('htmx:error', event => {
    if (event.detail.ctx && !event.detail.ctx.response) {
      toast(text('offline'), 'bad');
    }
  });
}
