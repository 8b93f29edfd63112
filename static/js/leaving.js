// Typing that no autosave has carried yet is sent when the page is left, and looked after when an editor opens again.
//
// The browser asks for the next page before, or while, the last words are on their way: a page reloaded at once may
// have been made without them. So they are kept in this tab's session as well, and an editor that opens at the same
// address sends them once more under the same number (the server ignores the second of two), then reads itself anew.
import {$} from './dom.js';

const EDITOR = 'form[data-editor]';
const VISIT = ['csrfmiddlewaretoken', 'tab', 'rev', 'seq', 'stamp'];
const LARGEST = 60_000; // browsers refuse more than 64 KiB on leaving
const FRESH = 3_600_000;
const ORDER = /^(params|responses|(rows|headers|media|examples|root)\..+)$/;
let typed = new Set();
let carried = new Set();

const keptAt = () => `left:${location.pathname}`;

function note(event) {
  if (event.target.name && event.target.closest?.(EDITOR)) {
    typed.add(event.target.name);
  }
}

function onSent(event) {
  const context = event.detail.ctx;
  if (context.sourceElement.matches?.(EDITOR)) {
    context.typed = typed;
    carried = new Set([...carried, ...typed]);
    typed = new Set();
  }
}

// What an answered request carried is kept; what a failed or given-up one carried is still to be sent.
function onEnd(event) {
  const {typed: names, response} = event.detail.ctx;
  names?.forEach(name => {
    carried.delete(name);
    if (!response) {
      typed.add(name);
    }
  });
}

// The whole form where it fits; of a large one what was typed, since a row that is not mentioned stays as it is.
function bodyOf(form, sequence) {
  const data = new FormData(form);
  data.set('seq', sequence);
  const whole = new URLSearchParams(data);
  if (whole.toString().length < LARGEST) {
    return whole.toString();
  }
  const wanted = name => VISIT.includes(name) || ORDER.test(name) || typed.has(name) || carried.has(name);
  return new URLSearchParams([...whole].filter(([name]) => wanted(name))).toString();
}

function send(url, body, keepalive) {
  const headers = {'Content-Type': 'application/x-www-form-urlencoded', 'HX-Request': 'true', 'HX-Request-Type': 'partial'};
  return fetch(url, {method: 'POST', body, headers, keepalive});
}

function flush(next) {
  const form = $(EDITOR);
  if (!form || !(typed.size || carried.size)) {
    return;
  }
  const body = bodyOf(form, next());
  typed = new Set();
  carried = new Set();
  sessionStorage.setItem(keptAt(), JSON.stringify({body, at: Date.now()}));
  send(form.getAttribute('hx-post') || location.href, body, true).then(
    // Not at once: the page asked for meanwhile may have been made before this arrived.
    answer => answer.ok && setTimeout(() => sessionStorage.removeItem(keptAt()), 3000),
    () => {}, // the page is gone, or the line is: what is kept in the session is sent when the editor opens again
  );
}

// Whether the page that opened says already what was sent.
function arrived(form, body) {
  const [sent, shown] = [new URLSearchParams(body), new URLSearchParams(new FormData(form))];
  return [...new Set(sent.keys())].every(
    name => VISIT.includes(name) || sent.getAll(name).join('\n') === shown.getAll(name).join('\n'),
  );
}

async function catchUp() {
  const kept = JSON.parse(sessionStorage.getItem(keptAt()) ?? 'null');
  sessionStorage.removeItem(keptAt());
  const form = $(EDITOR);
  if (!kept || !form || Date.now() - kept.at > FRESH || arrived(form, kept.body)) {
    return;
  }
  const answer = await send(form.getAttribute('hx-post') || location.href, kept.body, false);
  if (answer.ok) {
    htmx.ajax('GET', location.href, {target: '#ep', swap: 'outerMorph', source: document.body});
  }
}

// `next` numbers the requests of this tab.
export function startLeaving(next) {
  document.addEventListener('input', note, true);
  document.addEventListener('change', note, true);
  document.addEventListener('htmx:before:request', onSent);
  document.addEventListener('htmx:finally:request', onEnd);
  addEventListener('beforeunload', () => flush(next));
  addEventListener('pagehide', () => flush(next));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && flush(next));
  document.addEventListener('click', event => event.target.closest?.('a[href]') && flush(next));
  catchUp();
}
