// The editors of endpoints and shared schemas: numbers a tab's requests, moves fields by key, asks when two tabs disagree.
import {$} from './dom.js';
import {startLeaving} from './leaving.js';

const EDITOR = 'form[data-editor]';
let sequence = 0;

// Each request gets a number as it leaves. The server ignores one that a newer request of the same tab has overtaken.
// (Not as a field of the page: the answer to an older request would set it back.)
function next() {
  sequence = Math.max(sequence, Number($(EDITOR).elements.seq.value)) + 1;
  return sequence;
}

function number(event) {
  const {sourceElement, request} = event.detail.ctx;
  if (sourceElement.matches?.(EDITOR)) {
    request.body.set('seq', next());
    request.body.set('was', JSON.stringify(changes(request.body)));
  }
}

// What each field said when this page and the server last agreed: for two tabs that change different things.
const VISIT = ['csrfmiddlewaretoken', 'tab', 'rev', 'seq', 'stamp', 'force', 'was', '_op', '_see'];
let agreed = {};

function valuesOf(body) {
  const values = {};
  for (const [name, value] of body) {
    if (!VISIT.includes(name)) {
      (values[name] ??= []).push(value.replace(/\r\n?/g, '\n'));
    }
  }
  return values;
}

function changes(body) {
  const now = valuesOf(body);
  const differs = name => JSON.stringify(now[name]) !== JSON.stringify(agreed[name]);
  const names = Object.keys(now).filter(name => name in agreed && differs(name));
  return Object.fromEntries(names.map(name => [name, agreed[name]]));
}

// What the answer brought is agreed, but not what was typed while it was on its way.
function agree(event) {
  const {sourceElement, request, response} = event.detail.ctx;
  const shown = response?.status < 400 || response?.status === 422;
  if (shown && $(EDITOR) && (sourceElement === document.body || sourceElement.matches?.(EDITOR))) {
    const sent = request.body ? valuesOf(request.body) : {};
    agreed = {...valuesOf(new FormData($(EDITOR))), ...sent};
  }
}

// What is shown of the draft from elsewhere (data-refresh) is fetched again once the draft is kept.
function refresh(event) {
  const {sourceElement, response} = event.detail.ctx;
  if (sourceElement.matches?.(EDITOR) && response?.status < 500) {
    $('[data-refresh]')?.dispatchEvent(new Event('refresh'));
  }
}

// Alt+↑/↓ on a field of a schema presses its own move button: the fields below it go with it.
function moveField(event) {
  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) {
    return;
  }
  const row = event.target.closest?.(`${EDITOR} :is(.srow, .rule)`);
  const button = row && $(`[data-move=${event.key === 'ArrowUp' ? 'up' : 'down'}]`, row);
  if (button) {
    event.preventDefault();
    button.form.requestSubmit(button);
  }
}

function dialogOf(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const dialog = document.createElement('dialog');
  dialog.className = 'conflict-dialog';
  dialog.setAttribute('aria-labelledby', 'conflict-title');
  dialog.append(...parsed.querySelectorAll('[data-conflict]'));
  return dialog;
}

// "Keep mine" sends this page's form once more, knowing of the other version; "Take the other" loads that one.
function settle(dialog, answer) {
  const form = $(EDITOR);
  if (answer === 'theirs') {
    form.removeAttribute('data-dirty-guard');
    location.reload();
    return;
  }
  const {rev, stamp} = dialog.firstElementChild.dataset;
  form.elements.rev.value = rev;
  form.elements.stamp.value = stamp;
  const force = document.createElement('input');
  force.type = 'hidden';
  force.name = 'force';
  force.value = '1';
  form.append(force);
  dialog.close();
  form.dispatchEvent(new Event('autosave', {bubbles: true}));
}

function ask(html) {
  if ($('.conflict-dialog')) {
    return;
  }
  const dialog = dialogOf(html);
  dialog.addEventListener('click', event => {
    const theirs = event.target.closest('[data-take-theirs]');
    if (theirs || event.target.closest('[data-keep-mine]')) {
      event.preventDefault();
      settle(dialog, theirs ? 'theirs' : 'mine');
    }
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function onErrorAnswer(event) {
  const {response, text, sourceElement} = event.detail.ctx;
  if (response.status === 409 && sourceElement.matches?.(EDITOR)) {
    ask(text);
  }
}

export function startEditor() {
  document.addEventListener('htmx:config:request', number);
  document.addEventListener('htmx:after:swap', () => $('code-editor') && import('./code-editor.js'));
  document.addEventListener('htmx:after:swap', agree);
  document.addEventListener('htmx:after:swap', refresh);
  document.addEventListener('keydown', moveField);
  agreed = valuesOf(new FormData($(EDITOR)));
  startLeaving(next);
  document.addEventListener('htmx:response:error', onErrorAnswer);
}
