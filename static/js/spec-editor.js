// The OpenAPI document's editor: keeps what is typed, asks what is wrong with it, and does what the buttons say.
//
// One request at a time is on its way to the draft; typing waits for none. What was typed meanwhile goes with the next.
import './code-editor.js';
import {startSpecLeaving} from './spec-leaving.js';
import {startSpecProblems} from './spec-problems.js';
import {$, csrfToken, text} from './dom.js';
import {toast} from './toasts.js';

const PAUSE = 700;
const LONG_PAUSE = 2500; // a text of megabytes is not sent at every breath
const LONG = 500_000;
const RETRY = 5000;
const PATIENCE = 60_000; // a request that got lost must not hold up those after it
const REFUSALS = {401: 'session-ended', 403: 'session-ended', 413: 'too-large', 429: 'slow-down'};
const REPLACING = ['convert', 'merge']; // what was typed meanwhile has to be in it too: done again

const form = $('form[data-spec]');
const editor = form && $('code-editor', form);
let sequence = 0;
let typed = 0; // grows with each change of the text
let kept = 0; // the last of them that the server has
let timer = 0;
let running = null;
let failed = false;
let asked = false; // another tab keeps another text: nothing is sent until something is typed or decided

const next = () => {
  sequence = Math.max(sequence, Number(form.elements.seq.value)) + 1;
  return sequence;
};

const isUnsaved = () => typed !== kept;

function body(deed, extra = {}) {
  const data = new FormData(form);
  data.set('seq', next());
  data.set('_op', deed);
  Object.entries(extra).forEach(([name, value]) => data.set(name, value));
  return data;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(() => post(''), failed ? RETRY : editor.view.state.doc.length > LONG ? LONG_PAUSE : PAUSE);
}

function fail(answer) {
  failed = true;
  $('#saved').classList.remove('htmx-request');
  if (!answer) {
    toast(text('offline'), 'bad');
    later();
  } else {
    const ended = answer.redirected || answer.ok;
    toast(text(ended ? 'session-ended' : REFUSALS[answer.status] ?? 'server-error', {status: answer.status}), 'bad');
  }
}

async function send(deed, extra) {
  const sent = typed;
  const words = editor.value;
  $('#saved').classList.add('htmx-request');
  const headers = {Accept: 'application/json', 'X-CSRFToken': csrfToken()};
  const sending = {method: 'POST', body: body(deed, extra), headers, signal: AbortSignal.timeout(PATIENCE)};
  const answer = await fetch(form.action, sending).catch(() => null);
  if (answer?.status === 204) {
    return;
  }
  if (!answer?.headers.get('Content-Type')?.startsWith('application/json')) {
    fail(answer);
    return;
  }
  failed = false;
  const told = await answer.json();
  asked = !told.kept;
  if (told.kept) {
    kept = Math.max(kept, sent);
  }
  take(told, deed, words);
}

// One after the other: a save waits for the draft that is on its way.
async function post(deed, extra = {}) {
  clearTimeout(timer);
  while (running) {
    await running;
  }
  if (!deed && !isUnsaved() && !Object.keys(extra).length) {
    return;
  }
  running = send(deed, extra);
  await running;
  running = null;
  $('#saved').classList.remove('htmx-request');
  if (isUnsaved() && !failed && !asked) {
    later();
  }
}

function take(answer, deed, words) {
  const fields = form.elements;
  fields.rev.value = answer.rev;
  const replaced = answer.text !== undefined && answer.text !== words;
  if (answer.text !== undefined && editor.value !== words) {
    if (REPLACING.includes(deed.split(':')[0])) {
      post(deed);
      return;
    }
  } else if (replaced) {
    editor.value = answer.text;
    kept = typed; // the server made it
  }
  fields.stamp.value = answer.stamp;
  fields.saved.value = answer.saved;
  setFormat(answer.format);
  for (const [name, html] of Object.entries(answer.parts)) {
    $(`#spec-${name}`).innerHTML = html;
  }
  $('[data-unsaved]', form).disabled = !answer.unsaved;
  $('#spec-save').textContent = text('save-live', {n: answer.next});
  $('#spec-compare').textContent = text('compare-with', {n: answer.next - 1});
  if (answer.toast) {
    toast(answer.toast.message, answer.toast.kind);
  }
  form.dispatchEvent(new CustomEvent('judged', {detail: {answer, words: answer.text ?? words}}));
}

function setFormat(name) {
  if (form.elements.format.value === name) {
    return;
  }
  form.elements.format.value = name;
  editor.setLanguage(name);
  history.replaceState(history.state, '', `?format=${name}`);
  const download = $('[data-download]', form);
  download.href = download.href.replace(/format=\w+/, `format=${name}`);
  form.querySelectorAll('[data-format]').forEach(button => {
    button.toggleAttribute('aria-current', false);
    if (button.dataset.format === name) {
      button.setAttribute('aria-current', 'true');
    }
  });
}

function onSubmit(event) {
  event.preventDefault();
  const button = event.submitter;
  if (button?.name === 'force') {
    post('', {force: '1'});
  } else {
    post(button?.name === '_op' ? button.value : '');
  }
}

// A link away waits for the draft, so that the page it leads to knows it.
async function onLink(event) {
  const link = event.target.closest('a[data-flush]');
  if (link && isUnsaved() && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    await post('');
    location.href = link.href;
  }
}

export function startSpecEditor() {
  form.addEventListener('input', event => {
    if (event.target === editor.field) {
      typed += 1;
      later();
    }
  });
  form.addEventListener('submit', onSubmit);
  form.addEventListener('click', onLink);
  if (editor.value !== editor.field.defaultValue) {
    typed += 1; // before this script was there
    later();
  }
  startSpecProblems(form, editor);
  startSpecLeaving(form, editor, {
    isUnsaved,
    body,
    again: () => post('', {force: '1'}),
    forget: at => {
      kept = Math.max(kept, at);
    },
    typed: () => typed,
    failed: () => failed,
  });
}
